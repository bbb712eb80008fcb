# The record pane: its views, the field editors and the create forms.
set(PARLEY_RECORD_SOURCES
  FieldChoice.cpp FieldDate.cpp FieldEditor.cpp FieldFrame.cpp FieldReference.cpp FieldText.cpp
  FormChecks.cpp)
