// Reads parleyctl's command line, runs the one command in it and prints what it has to say.
#pragma once

namespace parley::ctl {

/// Needs a QCoreApplication. The exit code.
int run(int argc, char *argv[]);

} // namespace parley::ctl
