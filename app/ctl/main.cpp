#include "app/ctl/CommandLine.h"

#include <QCoreApplication>

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("parley")); // shares the console's profile folder
    QCoreApplication::setApplicationVersion(QStringLiteral(PARLEY_VERSION));
    return parley::ctl::run(argc, argv);
}
