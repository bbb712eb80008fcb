// The two forms, before a chat and when nobody is there: built from a list of fields, checked at each field.
import { append, fill, h, hidden, icon, newElementId, say, set } from './dom.js';
import { clean, cleanName, isMailAddress, isPhone, lengthOf } from './text.js';

const kAutocomplete = { name: 'name', email: 'email', phone: 'tel', company: 'organization' };
const kFieldLimit = 1_000;
const kTypes = new Set(['text', 'email', 'tel', 'select', 'textarea', 'checkbox']);

export class Form {
  /**
   * fields: as the hub's welcome describes them. values: what is known by name. submit(values by name).
   * before: nodes above the fields; button: the words on it; draft(values): called on every change.
   */
  constructor({ words, fields, values = {}, before = [], button, limits, privacy, submit, draft }) {
    this.words = words;
    this.limits = limits;
    this.privacy = privacy;
    this.rows = fields.filter(field => field && typeof field.name === 'string').map(field => this.#row(field, values));
    this.banner = h('div', { class: 'banner bad', role: 'alert', hidden: true });
    this.button = h('button', { class: 'primary', type: 'submit' }, button);
    this.element = h('form', { class: 'form', novalidate: true, onsubmit: event => {
      event.preventDefault();
      if (this.check())
        submit(this.values());
    }, oninput: () => draft?.(this.values()) });
    this.#watchPointer();
    append(this.element, [before, this.banner, this.#arranged(), this.button]);
  }

  values() {
    return Object.fromEntries(this.rows.map(row => [row.field.name, row.read()]));
  }

  /** Shows what is wrong at each field and goes to the first; true when nothing is. */
  check() {
    const wrong = this.rows.filter(row => !this.#judge(row));
    if (wrong.length) {
      this.#status(this.words.say('formErrors', { count: wrong.length }));
      wrong[0].input.focus();
    }
    return wrong.length === 0;
  }

  busy(isBusy, label) {
    set(this.button, { 'aria-disabled': isBusy ? 'true' : null });
    say(this.button, label);
  }

  refuse(message) {
    fill(this.banner, icon('error', 16), h('span', {}, message));
    this.banner.hidden = false;
  }

  focusFirst() {
    const empty = this.rows.find(row => row.required && !row.read()) ?? this.rows.find(row => !row.read()) ?? this.rows[0];
    (empty?.input ?? this.button).focus();
  }

  /** An error that appears while a button of the mouse is down moves what is below, and the click misses it. */
  #watchPointer() {
    this.isPressed = false;
    this.afterClick = [];
    this.element.addEventListener('pointerdown', () => {
      this.isPressed = true;
      const release = new AbortController();   // the window outlives the form: nothing stays on it
      for (const end of ['pointerup', 'pointercancel'])
        window.addEventListener(end, () => {
          release.abort();
          setTimeout(() => {
            this.isPressed = false;
            this.afterClick.splice(0).forEach(work => work());
          });
        }, { signal: release.signal });
    });
  }

  #judgeSoon(row) {
    if (this.isPressed)
      this.afterClick.push(() => this.#judge(row));
    else
      this.#judge(row);
  }

  #status(text) {
    this.status ??= this.element.appendChild(h('p', { class: 'sr', role: 'status' }));
    this.status.textContent = '';
    setTimeout(() => { this.status.textContent = text; }, 50);   // said anew although it may be the same
  }

  /** Short optional questions stand two and two, as one would lay them out by hand. */
  #arranged() {
    const lines = [];
    for (let i = 0; i < this.rows.length; ++i) {
      const pair = this.rows[i].half && this.rows[i + 1]?.half;
      lines.push(pair ? h('div', { class: 'pair' }, this.rows[i].element, this.rows[i + 1].element) : this.rows[i].element);
      i += pair ? 1 : 0;
    }
    return lines;
  }

  #row(field, values) {
    const type = kTypes.has(field.type) ? field.type : 'text';
    const required = field.required === true;
    const id = newElementId('field');
    const label = cleanName(this.words.label(clean(field.label ?? field.name)), 200);
    const row = { field, type, required, id, half: !field.wide && (type === 'tel' || type === 'select' || (type === 'text' && !required)) };
    const common = { id, name: field.name, 'aria-required': required ? 'true' : null, 'aria-describedby': `${id}-error`,
      autocomplete: kAutocomplete[field.name] };
    const value = typeof values[field.name] === 'string' ? values[field.name] : '';
    row.error = h('p', { class: 'error', id: `${id}-error`, hidden: true });
    row.read = () => clean(row.input.value).trim();
    if (type === 'checkbox') {
      row.input = h('input', { ...common, type: 'checkbox' });
      row.input.checked = value === 'true';
      row.read = () => (row.input.checked ? 'true' : '');
      row.element = h('div', { class: 'field' }, h('div', { class: 'tick' }, row.input, h('span', {},
        h('label', { for: id }, label, required && this.#star()), ' ', this.privacy && this.#privacyLink())), row.error);
    } else {
      row.input = this.#input(type, common, field, value, required);
      row.element = h('div', { class: 'field' }, h('label', { for: id }, label, required && this.#star()),
        type === 'select' ? h('span', { class: 'select' }, row.input, icon('down', 16)) : row.input, row.error);
    }
    row.input.addEventListener('blur', () => row.read() && this.#judgeSoon(row));
    row.input.addEventListener('input', () => row.input.getAttribute('aria-invalid') && this.#judge(row));
    return row;
  }

  #input(type, common, field, value, required) {
    // Never none: a field that is empty takes its side from the page, one that is not from what is in it (frame.css).
    const placeholder = required ? ' ' : this.words.say('optional');
    if (type === 'select') {
      const options = (Array.isArray(field.options) ? field.options : []).filter(option => typeof option === 'string');
      const input = h('select', common, h('option', { value: '' }, this.words.say(required ? 'choose' : 'optional')),
        options.map(option => h('option', { value: option }, cleanName(this.words.label(option), 200))));
      input.value = options.includes(value) ? value : '';
      return input;
    }
    const input = type === 'textarea' ? h('textarea', { ...common, rows: field.rows ?? 2, dir: 'auto', placeholder: ' ' })
      : h('input', { ...common, type, placeholder: type === 'email' ? ' ' : placeholder,
        // Addresses and numbers stay left to right; a name takes its direction from what is typed.
        dir: type === 'text' ? 'auto' : 'ltr', inputmode: type === 'text' ? null : type });
    input.value = value;
    return input;
  }

  #star() {
    return h('span', { class: 'star', 'aria-hidden': 'true' }, '*');
  }

  #privacyLink() {
    return h('a', { href: this.privacy, target: '_blank', rel: 'noopener noreferrer' }, this.words.say('privacy'),
      hidden(`, ${this.words.say('newTab')}`));
  }

  #judge(row) {
    const value = row.read();
    const limit = row.field.name === 'text' ? this.limits.text : kFieldLimit;
    let wrong = '';
    if (!value && row.required)
      wrong = this.words.say({ select: 'errorChoose', checkbox: 'errorTick' }[row.type] ?? 'errorEmpty');
    else if (lengthOf(value) > limit)
      wrong = this.words.say('errorLong', { count: lengthOf(value), limit });
    else if (value && row.type === 'email' && !isMailAddress(value))
      wrong = this.words.say('errorEmail');
    else if (value && row.type === 'tel' && !isPhone(value))
      wrong = this.words.say('errorPhone');
    set(row.input, { 'aria-invalid': wrong ? 'true' : null });
    row.error.hidden = !wrong;
    fill(row.error, wrong && icon('error', 14), wrong && h('span', {}, wrong));
    return !wrong;
  }
}
