#include "core/hub/HubFile.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

namespace parley::hub {

using namespace Qt::Literals::StringLiterals;

namespace {

QString textOf(const toml::node_view<const toml::node> &node)
{
    return QString::fromStdString(node.value_or(std::string()));
}

Result<wire::FormField> fieldFrom(const toml::table &table)
{
    static const QStringList types{u"text"_s, u"email"_s, u"tel"_s, u"select"_s, u"textarea"_s};
    static const QRegularExpression name(u"^[A-Za-z][A-Za-z0-9_-]{0,63}$"_s);
    const toml::node_view<const toml::node> node(table);
    wire::FormField field{.name = textOf(node["name"]), .label = textOf(node["label"])};
    if (node["type"])
        field.type = textOf(node["type"]);
    field.required = node["required"].value_or(false);
    if (const toml::array *options = node["options"].as_array()) {
        for (const toml::node &option : *options)
            field.options.append(QString::fromStdString(option.value_or(std::string())));
    }
    const QString where = u"hub.toml line %1: "_s.arg(table.source().begin.line);
    if (!name.match(field.name).hasMatch())
        return fail(Errc::InvalidInput, where + u"a form field needs a name of letters, digits, - and _"_s);
    if (!types.contains(field.type))
        return fail(Errc::InvalidInput, where + u"type is one of "_s + types.join(u", "_s));
    if (field.type == u"select" && field.options.isEmpty())
        return fail(Errc::InvalidInput, where + u"a select needs options"_s);
    if (field.label.isEmpty())
        field.label = field.name;
    return field;
}

} // namespace

Result<Done> readHubFile(Config &config)
{
    QFile file(QDir(config.dataDir).filePath(u"hub.toml"_s));
    if (!file.exists())
        return Done{};
    if (!file.open(QIODevice::ReadOnly))
        return fail(Errc::InvalidInput, u"cannot read hub.toml: "_s + file.errorString());
    const toml::parse_result parsed = toml::parse(file.readAll().toStdString());
    if (!parsed) {
        const std::string why(parsed.error().description());
        return fail(Errc::InvalidInput, u"hub.toml line %1: %2"_s.arg(parsed.error().source().begin.line)
                                            .arg(QString::fromStdString(why)));
    }
    const toml::node_view<const toml::node> root(parsed.table());
    if (root["brand"]["name"])
        config.brandName = textOf(root["brand"]["name"]);
    if (root["brand"]["reply"])
        config.brandReply = textOf(root["brand"]["reply"]);
    if (const toml::array *form = root["form"].as_array()) {
        config.form.clear();
        for (const toml::node &node : *form) {
            if (!node.is_table())
                return fail(Errc::InvalidInput, u"hub.toml: form is a list of tables ([[form]])"_s);
            auto field = fieldFrom(*node.as_table());
            if (!field)
                return fail(field.error());
            config.form.append(std::move(*field));
        }
    }
    return Done{};
}

} // namespace parley::hub
