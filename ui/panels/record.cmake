# The record pane: its views, the field editors and the create forms.
set(PARLEY_RECORD_SOURCES
  CandidateList.cpp
  FieldChoice.cpp FieldDate.cpp FieldEditor.cpp FieldFrame.cpp FieldReference.cpp FieldRow.cpp FieldText.cpp
  FormChecks.cpp DuplicatesView.cpp FormField.cpp FormSection.cpp FormState.cpp FormView.cpp
  OptionsView.cpp RecentView.cpp
  RecordAttachView.cpp RecordCardView.cpp RecordNotFoundView.cpp RecordPane.cpp
  RecordSummary.cpp RecordTabView.cpp RecordTabs.cpp
  VisitorPane.cpp)
