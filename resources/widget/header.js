// The panel's head: who one talks with, the menu, and the button that puts the panel away.
import { fill, h, icon, newElementId, say, set } from './dom.js';
import { firstName } from './text.js';

export class Header {
  static icon(name, size) {
    return icon(name, size);
  }

  constructor(words, { minimise, endChat, save, forget }) {
    this.words = words;
    this.face = h('span', { class: 'face', 'aria-hidden': 'true' }, icon('talk', 20));
    this.title = h('h1', { class: 'title' });
    this.dot = h('span', { class: 'online', hidden: true });
    this.line = h('span');
    const item = (key, act) => h('button', { type: 'button', role: 'menuitem', tabindex: '-1', onclick: () => {
      this.#toggle(false);
      act();
    } }, words.say(key));
    this.items = { save: item('saveChat', save), end: item('endChat', endChat), forget: item('forget', forget) };
    this.menu = h('div', { class: 'popup menu', role: 'menu', id: newElementId('menu'), 'aria-label': words.say('more'), hidden: true,
      onkeydown: event => this.#walk(event), onfocusout: event => this.#left(event) }, Object.values(this.items));
    this.more = h('button', { class: 'head-button', type: 'button', 'aria-label': words.say('more'), title: words.say('more'),
      'aria-haspopup': 'menu', 'aria-expanded': 'false', 'aria-controls': this.menu.id, hidden: true,
      onclick: () => this.#toggle(this.menu.hidden) }, icon('more', 20));
    this.minimise = h('button', { class: 'head-button', type: 'button', 'aria-label': words.say('minimise'),
      title: words.say('minimise'), onclick: minimise }, icon('minus', 20));
    this.element = h('header', { class: 'head' }, this.face, h('div', { class: 'who' }, this.title,
      h('p', { class: 'reply' }, this.dot, this.line)), this.more, this.menu, this.minimise);
  }

  show({ title, agent, initials, line, isOnline }) {
    const heading = agent ? this.words.say('agentIn', { name: `\u2068${firstName(agent)}\u2069`, brand: `\u2068${title}\u2069` }) : `\u2068${title}\u2069`;
    say(this.title, heading);
    say(this.line, line && `\u2068${line}\u2069`);
    this.dot.hidden = !isOnline;
    if (this.shown !== initials)
      fill(this.face, initials || icon('talk', 20));
    this.shown = initials;
  }

  menuFor({ inChat, canEnd }) {
    this.more.hidden = !inChat;
    this.items.end.hidden = !canEnd;
    if (!inChat)
      this.menu.hidden = true;
  }

  focus() {
    this.minimise.focus();
  }

  closeMenu() {
    if (this.menu.hidden)
      return false;
    this.#toggle(false);
    return true;
  }

  #toggle(open) {
    this.menu.hidden = !open;
    set(this.more, { 'aria-expanded': String(open) });
    if (open)
      this.#shownItems()[0].focus();
    else
      this.more.focus();
  }

  #left(event) {
    if (this.menu.contains(event.relatedTarget) || event.relatedTarget === this.more)
      return;
    this.menu.hidden = true;
    set(this.more, { 'aria-expanded': 'false' });
  }

  #shownItems() {
    return Object.values(this.items).filter(item => !item.hidden);
  }

  #walk(event) {
    const items = this.#shownItems();
    const at = items.indexOf(document.activeElement);
    const to = { ArrowDown: (at + 1) % items.length, ArrowUp: (at - 1 + items.length) % items.length, Home: 0,
      End: items.length - 1 }[event.key];
    if (to === undefined)
      return;
    event.preventDefault();
    items[to].focus();
  }
}
