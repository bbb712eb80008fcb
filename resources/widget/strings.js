// The words of the widget: one table per language, found by the page's language; English fills what one lacks.
import { en } from './strings.en.js';
import { ar } from './strings.ar.js';

/** To add a language: write its table beside these two, name it here and in widget.qrc. */
const kTables = { en, ar };

export class Words {
  constructor(language) {
    this.language = validTag(language) ?? 'en';
    const base = this.language.toLowerCase().split('-')[0];
    this.table = kTables[this.language.toLowerCase()] ?? kTables[base] ?? en;
    this.translated = this.table !== en || base === 'en';
    // Times and counts follow the words: an Arabic clock under English words helps nobody.
    const words = this.translated ? this.language : 'en';
    // A page says "en", its visitor's browser "en-GB": the visitor's own way to write a time is the better one.
    this.locale = words.includes('-') ? words : navigator.languages.find(tag => tag.toLowerCase().startsWith(`${words}-`)) ?? words;
    this.direction = this.table.direction;
    this.plurals = new Intl.PluralRules(this.locale);
    this.numbers = new Intl.NumberFormat(this.locale);
    this.clock = new Intl.DateTimeFormat(this.locale, { hour: '2-digit', minute: '2-digit' });
    this.day = new Intl.DateTimeFormat(this.locale, { weekday: 'long', day: 'numeric', month: 'long' });
  }

  /** The words of a key; {name} is replaced by values.name, and values.count chooses among the plural forms. */
  say(key, values = {}) {
    let words = this.table.words[key] ?? en.words[key] ?? key;
    if (typeof words === 'object')
      words = words[this.plurals.select(values.count ?? 0)] ?? words.other;
    return words.replace(/\{(\w+)\}/g, (whole, name) => {
      const value = values[name];
      return value === undefined ? whole : typeof value === 'number' ? this.numbers.format(value) : String(value);
    });
  }

  /** A form's label as the hub sent it, in this language when it is one of the usual ones. */
  label(text) {
    return this.table.labels?.[text] ?? text;
  }

  time(date) {
    return this.clock.format(date);
  }

  dayOf(date, today) {
    const days = Math.round((midnight(today) - midnight(date)) / 86_400_000);
    return days === 0 ? this.say('today') : days === 1 ? this.say('yesterday') : this.day.format(date);
  }

  size(bytes) {
    const unit = bytes < 1024 ? 'byte' : bytes < 1024 * 1024 ? 'kilobyte' : 'megabyte';
    const value = unit === 'byte' ? bytes : unit === 'kilobyte' ? bytes / 1024 : bytes / 1024 / 1024;
    return new Intl.NumberFormat(this.locale, { style: 'unit', unit, unitDisplay: unit === 'byte' ? 'long' : 'short',
      maximumFractionDigits: value < 10 && unit !== 'byte' ? 1 : 0 }).format(value);
  }
}

function midnight(date) {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

function validTag(tag) {
  try {
    return Intl.getCanonicalLocales(tag)[0];
  } catch {
    return undefined;
  }
}
