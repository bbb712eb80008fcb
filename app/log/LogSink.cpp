#include "app/log/LogSink.h"

#include <QDir>
#include <QLoggingCategory>

#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <vector>

namespace parley::log {

namespace {

constexpr size_t kFileBytes = size_t{4} * 1024 * 1024;
constexpr size_t kFiles = 4;

spdlog::level::level_enum levelOf(QtMsgType type)
{
    switch (type) {
    case QtDebugMsg:
        return spdlog::level::debug;
    case QtInfoMsg:
        return spdlog::level::info;
    case QtWarningMsg:
        return spdlog::level::warn;
    case QtCriticalMsg:
        return spdlog::level::err;
    case QtFatalMsg:
        return spdlog::level::critical;
    }
    return spdlog::level::info;
}

void handle(QtMsgType type, const QMessageLogContext &context, const QString &message)
{
    // The message is an argument, never the format: it may hold braces from outside.
    spdlog::log(levelOf(type), "{}: {}", context.category ? context.category : "default",
                message.toStdString());
    if (type == QtFatalMsg)
        spdlog::default_logger()->flush();
}

} // namespace

void start(const LogSinkOptions &options)
{
    std::vector<spdlog::sink_ptr> sinks;
    if (options.onStandardError)
        sinks.push_back(std::make_shared<spdlog::sinks::stderr_sink_mt>());
    if (!options.folder.isEmpty() && QDir().mkpath(options.folder)) {
        const QString path = QDir(options.folder).filePath(options.program + QStringLiteral(".log"));
        try {
            sinks.push_back(std::make_shared<spdlog::sinks::rotating_file_sink_mt>(path.toStdString(),
                                                                                   kFileBytes, kFiles));
        } catch (const spdlog::spdlog_ex &error) {
            // A log that cannot be written must not keep anybody from working.
            fprintf(stderr, "no log file: %s\n", error.what());
        }
    }
    auto logger = std::make_shared<spdlog::logger>(options.program.toStdString(), sinks.begin(), sinks.end());
    logger->set_level(spdlog::level::debug);
    logger->flush_on(spdlog::level::warn);
    logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
    spdlog::set_default_logger(std::move(logger));
    qInstallMessageHandler(handle);
}

void finish()
{
    qInstallMessageHandler(nullptr);
    spdlog::shutdown();
}

} // namespace parley::log
