#include "core/hub/HubFile.h"

#include <QDir>
#include <QFile>
#include <QHostAddress>
#include <QRegularExpression>
#include <QUrl>

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

namespace parley::hub {

using namespace Qt::Literals::StringLiterals;

namespace {

QString textOf(const toml::node_view<const toml::node> &node)
{
    return QString::fromStdString(node.value_or(std::string()));
}

QString at(const toml::node &node)
{
    return u"hub.toml line %1: "_s.arg(node.source().begin.line);
}

/// Adds the texts of a list; wrong says what is the matter with one.
Result<Done> addTexts(QStringList &to, const toml::node *list, const QString &name,
                      std::optional<QString> (*wrong)(const QString &))
{
    if (!list)
        return Done{};
    if (!list->is_array())
        return fail(Errc::InvalidInput, at(*list) + u"%1 is a list of texts"_s.arg(name));
    for (const toml::node &node : *list->as_array()) {
        const auto text = node.value<std::string>();
        const auto why = text ? wrong(QString::fromStdString(*text)) : u"%1 is a list of texts"_s.arg(name);
        if (why)
            return fail(Errc::InvalidInput, at(node) + *why);
        to.append(QString::fromStdString(*text));
    }
    return Done{};
}

/// A name that is not known is mostly a misspelt one, and would be a setting that nobody gets.
Result<Done> checkNames(const toml::table &table, const QStringList &known)
{
    for (const auto &[key, node] : table) {
        const std::string_view name = key.str();
        if (!known.contains(QString::fromUtf8(name.data(), qsizetype(name.size()))))
            return fail(Errc::InvalidInput,
                        at(node) +
                            u"'%1' is not known here; there are %2"_s.arg(
                                QString::fromUtf8(name.data(), qsizetype(name.size())), known.join(u", ")));
    }
    return Done{};
}

Result<wire::FormField> fieldFrom(const toml::table &table)
{
    static const QStringList types{u"text"_s,   u"email"_s,    u"tel"_s,
                                   u"select"_s, u"textarea"_s, u"checkbox"_s};
    static const QRegularExpression name(u"^[A-Za-z][A-Za-z0-9_-]{0,63}$"_s);
    const QStringList known{u"name"_s, u"label"_s, u"type"_s, u"required"_s, u"options"_s};
    if (const auto good = checkNames(table, known); !good)
        return fail(good.error());
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

std::optional<QString> wrongSite(const QString &site)
{
    static const QRegularExpression form(
        u"^https?://(\\*\\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?\\z"_s,
        QRegularExpression::CaseInsensitiveOption);
    if (form.match(site).hasMatch())
        return std::nullopt;
    return u"'%1' is not a site; write it as https://www.example.com or https://*.example.com, without a path"_s
        .arg(site);
}

std::optional<QString> wrongProxy(const QString &proxy)
{
    if (QHostAddress::parseSubnet(proxy).second >= 0)
        return std::nullopt;
    return u"'%1' is not an address or subnet, as in 10.0.0.7 or 10.0.0.0/8"_s.arg(proxy);
}

Result<Done> readHubFile(Config &config)
{
    QFile file(QDir(config.dataDir).filePath(u"hub.toml"_s));
    if (!file.exists())
        return Done{};
    if (!file.open(QIODevice::ReadOnly))
        return fail(Errc::InvalidInput, u"cannot read %1: %2"_s.arg(file.fileName(), file.errorString()));
    const toml::parse_result parsed = toml::parse(file.readAll().toStdString());
    if (!parsed) {
        const std::string why(parsed.error().description());
        return fail(Errc::InvalidInput, u"hub.toml line %1: %2"_s.arg(parsed.error().source().begin.line)
                                            .arg(QString::fromStdString(why)));
    }
    const toml::node_view<const toml::node> root(parsed.table());
    if (const auto good = checkNames(parsed.table(), {u"brand"_s, u"form"_s, u"sites"_s, u"proxies"_s});
        !good)
        return fail(good.error());
    if (const toml::table *brand = root["brand"].as_table()) {
        if (const auto good = checkNames(*brand, {u"name"_s, u"reply"_s}); !good)
            return fail(good.error());
    }
    if (const auto sites = addTexts(config.sites, root["sites"].node(), u"sites"_s, wrongSite); !sites)
        return fail(sites.error());
    if (const auto proxies = addTexts(config.proxies, root["proxies"].node(), u"proxies"_s, wrongProxy);
        !proxies)
        return fail(proxies.error());
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
