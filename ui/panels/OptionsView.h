// Radio cards: one of a few, each with a sentence, as for the four create options.
#pragma once

#include "core/desk/DeskValues.h"
#include "ui/style/Theme.h"

#include <QRadioButton>

class QButtonGroup;
class QVBoxLayout;

namespace parley::ui {

/// A radio button in the shape of a card; what is inside is drawn by it or laid out in it.
class OptionCard : public QRadioButton
{
    Q_OBJECT

public:
    OptionCard(Theme &theme, QWidget *parent);
    void setWords(const QString &title, const QString &hint, const QString &keys);
    void setRadioTop(int top); ///< where the circle begins
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;
    [[nodiscard]] bool hasHeightForWidth() const override;
    [[nodiscard]] int heightForWidth(int width) const override;

signals:
    void entered(); ///< Enter on the card acts on it

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    bool hitButton(const QPoint &pos) const override { return rect().contains(pos); }

private:
    [[nodiscard]] QRect hintRect(int width) const;

    Theme &m_theme;
    QString m_title;
    QString m_hint;
    QString m_keys;
    int m_radioTop = 12;
    bool m_hasRing = false;
};

class OptionsView : public QWidget
{
    Q_OBJECT

public:
    OptionsView(Theme &theme, QWidget *parent);

    void setOptions(const QList<desk::CreateOption> &options, std::optional<desk::CreateOption> chosen);
    [[nodiscard]] std::optional<desk::CreateOption> chosen() const;
    /// Alt+1..4; numbers count from 0.
    void choose(int index);

signals:
    void optionChosen(parley::desk::CreateOption option);
    void entered(parley::desk::CreateOption option);

private:
    Theme &m_theme;
    QList<desk::CreateOption> m_options;
    QButtonGroup *m_group;
    QVBoxLayout *m_column;
};

} // namespace parley::ui
