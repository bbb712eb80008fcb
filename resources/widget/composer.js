// Where the visitor writes: text, emoji, files by button, paste or drop. Nothing typed is ever lost by a click.
import { fill, h, icon, newElementId, set } from './dom.js';
import { cleanName, lengthOf } from './text.js';

const kEmoji = ['🙂', '😀', '😂', '😉', '😍', '🤔', '😐', '🙁', '😢', '😮', '😅', '😎',
  '👍', '👎', '👌', '👏', '🙏', '👋', '💪', '❤️', '🎉', '🔥', '✅', '⭐'];
const kColumns = 6;

export class Composer {
  constructor({ words, limits, drafts, say: send, sendFile, typing }) {
    this.words = words;
    this.limits = limits;
    this.drafts = drafts;
    this.send = send;
    this.sendFile = sendFile;
    this.typing = typing;
    this.staged = [];
    this.#build();
    this.text.value = drafts.get('draft') ?? '';
    this.#grow();
  }

  focus() {
    this.text.focus();
  }

  /** Esc closes the emoji list first; true when there was something to close. */
  closePopup() {
    if (this.popup.hidden)
      return false;
    this.#toggleEmoji(false);
    return true;
  }

  clear() {
    this.text.value = '';
    this.staged = [];
    this.#stage();
    this.#changed();
  }

  #build() {
    const { words } = this;
    const errorId = newElementId('composer-error');
    this.text = h('textarea', { class: 'composer-text', rows: '2', dir: 'auto', placeholder: words.say('writeMessage'),
      'aria-label': words.say('writeMessage'), 'aria-describedby': errorId, enterkeyhint: 'send',
      oninput: () => this.#changed(), onkeydown: event => this.#key(event), onpaste: event => this.#paste(event) });
    this.error = h('p', { class: 'error composer-error', id: errorId, role: 'alert', hidden: true });
    this.tray = h('ul', { class: 'tray', hidden: true });
    this.picker = h('input', { type: 'file', multiple: true, hidden: true, tabindex: '-1', 'aria-hidden': 'true',
      onchange: () => this.#take([...this.picker.files]) });
    this.attach = h('button', { class: 'tool', type: 'button', 'aria-label': words.say('attach'), title: words.say('attach'),
      onclick: () => this.picker.click() }, icon('attach', 20));
    this.popup = this.#emojiList();
    this.emoji = h('button', { class: 'tool', type: 'button', 'aria-label': words.say('emoji'), title: words.say('emoji'),
      'aria-expanded': 'false', 'aria-controls': this.popup.id, onclick: () => this.#toggleEmoji(this.popup.hidden) }, icon('emoji', 20));
    this.button = h('button', { class: 'send', type: 'button', 'aria-label': words.say('send'), title: words.say('send'),
      onclick: () => this.#submit() }, h('span', {}, icon('send', 18)));
    this.drop = h('div', { class: 'drop', hidden: true, 'aria-hidden': 'true' }, words.say('dropHere'));
    this.element = h('div', { class: 'composer' }, this.tray, this.text, this.error,
      h('div', { class: 'tools' }, this.attach, this.emoji, this.picker, this.button), this.popup, this.drop);
  }

  #emojiList() {
    const names = this.words.say('emojiNames').split('|');
    const buttons = kEmoji.map((emoji, i) => h('button', { type: 'button', class: 'emoji', tabindex: i === 0 ? '0' : '-1',
      'aria-label': names[i] ?? emoji, title: names[i], onclick: () => this.#insert(emoji) }, emoji));
    return h('div', { class: 'popup emojis', id: newElementId('emojis'), role: 'group', 'aria-label': this.words.say('emojis'),
      hidden: true, onkeydown: event => this.#walkEmoji(event, buttons) }, buttons);
  }

  #walkEmoji(event, buttons) {
    const at = buttons.indexOf(document.activeElement);
    const forward = document.documentElement.dir === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
    const steps = { ArrowLeft: -1, ArrowRight: -1, ArrowUp: -kColumns, ArrowDown: kColumns, Home: -at, End: buttons.length - 1 - at,
      [forward]: 1 };
    const next = buttons[at + steps[event.key]];
    if (!(event.key in steps))
      return;
    event.preventDefault();
    if (!next)
      return;
    buttons[at].tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }

  #toggleEmoji(open) {
    this.popup.hidden = !open;
    set(this.emoji, { 'aria-expanded': String(open) });
    if (open)
      this.popup.querySelector('[tabindex="0"]').focus();
    else
      this.emoji.focus();
  }

  #insert(emoji) {
    this.popup.hidden = true;
    set(this.emoji, { 'aria-expanded': 'false' });
    this.text.focus();
    this.text.setRangeText(emoji, this.text.selectionStart, this.text.selectionEnd, 'end');
    this.#changed();
  }

  #key(event) {
    // An Enter that chooses a word in an input method is not ours.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229)
      return;
    event.preventDefault();
    this.#submit();
  }

  #changed() {
    this.drafts.set('draft', this.text.value);
    this.#grow();
    if (!this.error.hidden && lengthOf(this.text.value) <= this.limits().text)
      this.#complain('');
    this.typing(this.text.value);
  }

  #grow() {
    this.text.style.blockSize = 'auto';
    this.text.style.blockSize = `${Math.min(this.text.scrollHeight, 124)}px`;
  }

  #complain(message) {
    this.error.hidden = !message;
    fill(this.error, message && icon('error', 14), message && h('span', {}, message));
    set(this.text, { 'aria-invalid': message ? 'true' : null });
  }

  #submit() {
    const text = this.text.value.replace(/\r\n?/g, '\n').trim();
    const limit = this.limits().text;
    if (lengthOf(text) > limit) {
      this.#complain(this.words.say('errorLong', { count: lengthOf(text), limit }));
      this.text.focus();
      return;
    }
    if (text)
      this.send(text);
    this.staged.forEach(({ file, name }) => this.sendFile(file, name));
    this.clear();
    this.text.focus();
  }

  // Files -----------------------------------------------------------------------------------------------------------

  takeDrop(element) {
    let depth = 0;
    const hasFiles = event => event.dataTransfer?.types?.includes('Files');
    element.addEventListener('dragenter', event => { depth += 1; this.drop.hidden = !hasFiles(event); });
    element.addEventListener('dragleave', () => { depth -= 1; this.drop.hidden = this.drop.hidden || depth <= 0; });
    // Without preventDefault the browser would leave the chat to show the file.
    element.addEventListener('dragover', event => hasFiles(event) && event.preventDefault());
    element.addEventListener('drop', event => {
      depth = 0;
      this.drop.hidden = true;
      if (!hasFiles(event))
        return;
      event.preventDefault();
      this.#take([...event.dataTransfer.files]);
    });
  }

  #paste(event) {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length)
      return;
    event.preventDefault();
    this.#take(files);
  }

  #take(files) {
    this.picker.value = '';
    const limit = this.limits().file;
    const problems = [];
    for (const file of files) {
      const name = cleanName(file.name, 200) || 'file';
      if (file.size > limit)
        problems.push(this.words.say('fileTooLarge', { name, size: this.words.size(file.size), limit: this.words.size(limit) }));
      else if (file.size === 0)
        problems.push(this.words.say('fileEmpty', { name }));
      else
        this.staged.push({ file, name });
    }
    this.#complain(problems.join(' '));
    set(this.text, { 'aria-invalid': null });
    this.#stage();
    this.text.focus();
  }

  #stage() {
    this.tray.querySelectorAll('img').forEach(image => URL.revokeObjectURL(image.src));
    this.tray.hidden = this.staged.length === 0;
    fill(this.tray, this.staged.map(({ file, name }, i) => h('li', {},
      /^image\/(png|jpeg|gif|webp)$/.test(file.type) ? h('img', { src: URL.createObjectURL(file), alt: '' }) : icon('file', 20),
      h('span', { class: 'file-name' }, h('bdi', {}, name), h('span', { class: 'file-size' }, this.words.size(file.size))),
      h('button', { class: 'tool', type: 'button', 'aria-label': this.words.say('removeFile', { name }), onclick: () => {
        this.staged.splice(i, 1);
        this.#stage();
        this.text.focus();
      } }, icon('close', 16)))));
  }
}
