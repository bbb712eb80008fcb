#include "app/hub/Console.h"

#include <QFile>
#include <QHash>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include <termios.h>
#include <unistd.h>

namespace parley::hubapp {

using namespace Qt::Literals::StringLiterals;

namespace {

void complain(const QString &sentence)
{
    std::fprintf(stderr, "parley-hub: %s\n", sentence.toLocal8Bit().constData());
}

QString firstLineOf(QFile &file)
{
    QString line = QString::fromUtf8(file.readLine(4096));
    while (line.endsWith(u'\n') || line.endsWith(u'\r'))
        line.chop(1);
    return line;
}

/// Nobody who looks over the administrator's shoulder reads along.
class HiddenTyping
{
public:
    HiddenTyping()
    {
        m_isChanged = ::tcgetattr(STDIN_FILENO, &m_before) == 0;
        termios hidden = m_before;
        hidden.c_lflag &= ~tcflag_t(ECHO);
        m_isChanged = m_isChanged && ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden) == 0;
    }
    ~HiddenTyping()
    {
        if (m_isChanged)
            ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &m_before);
    }
    HiddenTyping(const HiddenTyping &) = delete;
    HiddenTyping &operator=(const HiddenTyping &) = delete;

private:
    termios m_before = {};
    bool m_isChanged = false;
};

QString asked(QFile &input, const char *question)
{
    std::fputs(question, stderr);
    const QString answer = firstLineOf(input);
    std::fputc('\n', stderr);
    return answer;
}

} // namespace

void say(const QString &line)
{
    std::fprintf(stdout, "%s\n", line.toUtf8().constData());
}

int finished(int exitCode)
{
    errno = 0;
    const bool isFlushed = std::fflush(stdout) == 0;
    if (isFlushed && std::ferror(stdout) == 0)
        return exitCode;
    const QString why = errno != 0 ? QString::fromLocal8Bit(std::strerror(errno)) : u"a write failed"_s;
    complain(u"standard output could not be written: "_s + why);
    return Failed;
}

int report(const Error &error)
{
    complain(error.detail);
    struct Ending {
        int code;
        QString advice;
    };
    static const QHash<QString, Ending> endings{
        {u"port_taken"_s,
         {PortTaken, u"choose another port with --listen HOST:PORT, or stop what listens there"_s}},
        {u"listen"_s, {PortTaken, u"--listen takes an address of this computer, as in 127.0.0.1:8080"_s}},
        {u"data_dir"_s, {DataDir, u"choose a folder with --data that this user can read and write"_s}},
        {u"no_data"_s, {DataDir, u"name the folder that parley-hub serve uses; agent add makes a new one"_s}},
        {u"in_use"_s, {InUse, u"stop that hub, or choose another folder with --data"_s}},
        {u"newer"_s,
         {NewerData, u"the data was written by a newer parley-hub; use that one, or another folder"_s}},
        {u"exists"_s,
         {AccountExists,
          u"agent set-password gives it another password, agent add --replace another name and role as well"_s}},
        {u"no_account"_s, {NoAccount, u"agent list shows those there are"_s}}};
    const auto ending = endings.constFind(error.remoteCode);
    if (ending != endings.constEnd()) {
        complain(ending->advice);
        return ending->code;
    }
    if (error.code == Errc::InvalidInput)
        return Usage;
    return error.code == Errc::Storage ? DataDir : Failed;
}

Result<QString> readPassword(const QString &path)
{
    const bool isInput = path.isEmpty() || path == u"-";
    QFile file(isInput ? QString() : path);
    if (!(isInput ? file.open(stdin, QIODevice::ReadOnly) : file.open(QIODevice::ReadOnly)))
        return fail(Errc::InvalidInput,
                    u"the password file %1 cannot be read: %2"_s.arg(path, file.errorString()));
    if (!isInput || ::isatty(STDIN_FILENO) == 0)
        return firstLineOf(file);
    const HiddenTyping hidden;
    QString password = asked(file, "Password (8 characters or more): ");
    if (asked(file, "The same again: ") != password)
        return fail(Errc::InvalidInput, u"the two passwords are not the same; nothing was changed"_s);
    return password;
}

} // namespace parley::hubapp
