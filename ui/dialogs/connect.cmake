# The dialog that connects a CRM.
set(PARLEY_CONNECT_SOURCES ConnectDialog.cpp)
