# Writes the colours of resources/tokens/tokens.json as a C++ header: the one place in which colours are named.
# cmake -DTOKENS=tokens.json -DOUT=Palette.h -P MakePalette.cmake
file(READ "${TOKENS}" json)
string(JSON count LENGTH "${json}" colour)
math(EXPR last "${count} - 1")
set(members "")
set(light "")
set(dark "")
foreach(i RANGE ${last})
  string(JSON key MEMBER "${json}" colour ${i})
  string(JSON lightValue GET "${json}" colour "${key}" light)
  string(JSON darkValue GET "${json}" colour "${key}" dark)
  string(REPLACE "-" ";" parts "${key}")
  list(POP_FRONT parts name)
  foreach(part IN LISTS parts)
    string(SUBSTRING "${part}" 0 1 first)
    string(SUBSTRING "${part}" 1 -1 rest)
    string(TOUPPER "${first}" first)
    string(APPEND name "${first}${rest}")
  endforeach()
  string(REPLACE "#" "0xff" lightValue "${lightValue}")
  string(REPLACE "#" "0xff" darkValue "${darkValue}")
  string(APPEND members "    QColor ${name};\n")
  string(APPEND light "        .${name} = QColor::fromRgb(${lightValue}u),\n")
  string(APPEND dark "        .${name} = QColor::fromRgb(${darkValue}u),\n")
endforeach()
file(WRITE "${OUT}.new" "// Made from resources/tokens/tokens.json by packaging/cmake/MakePalette.cmake: change it there.
#pragma once

#include <QColor>

namespace parley::ui {

struct Palette {
${members}};

inline Palette lightPalette()
{
    return {
${light}    };
}

inline Palette darkPalette()
{
    return {
${dark}    };
}

} // namespace parley::ui
")
file(COPY_FILE "${OUT}.new" "${OUT}" ONLY_IF_DIFFERENT)
