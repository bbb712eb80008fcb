// The panel inside its frame: joins line, conversation, forms and thread, and talks with the page that embeds it.
import { Conversation } from './chat.js';
import { Composer } from './composer.js';
import { fill, h, say, set } from './dom.js';
import { Form } from './form.js';
import { Transfers } from './files.js';
import { Header } from './header.js';
import { Line } from './line.js';
import { Store } from './store.js';
import { Words } from './strings.js';
import { cleanName, initials } from './text.js';
import { Thread, saveBlob } from './thread.js';
import { transcript } from './transcript.js';

const kBannerAfter = 2_000;   // a shorter gap in the line is nobody's business
const kUsualForm = [
  { name: 'name', label: 'Your name', type: 'text', required: true },
  { name: 'email', label: 'Email', type: 'email', required: true },
];

class Panel {
  constructor(host, setup) {
    this.host = host;
    this.setup = setup;
    this.isOpen = false;
    this.drafts = new Store('sessionStorage');
    this.words = new Words(setup.language);
    const root = document.documentElement;
    set(root, { lang: this.words.locale, dir: setup.direction || this.words.direction,
      'data-theme': setup.theme === 'dark' || setup.theme === 'light' ? setup.theme : null });
    this.store = new Store('localStorage');
    this.line = new Line({ url: new URL('../ws/visitor', location.href).href.replace(/^http/, 'ws'),
      hello: () => this.#hello(), onFrame: frame => this.conversation.receive(frame),
      onState: (state, welcome) => this.#line(state, welcome) });
    this.transfers = new Transfers(this.line, () => this.thread?.show());
    this.conversation = new Conversation({ store: this.store, line: this.line, transfers: this.transfers,
      changed: (what, detail) => this.#changed(what, detail) });
    this.#build();
    this.#labels();
    if (this.conversation.isAlive)
      this.line.connect();
    this.#show();
    document.addEventListener('visibilitychange', () => this.#read());
    setInterval(() => this.#banner(), 500);
  }

  open(isOpen, takeFocus) {
    this.isOpen = isOpen;
    if (!isOpen)
      return;
    this.line.connect();
    this.thread.toEnd();
    this.#read();
    if (takeFocus) {
      this.wantsFocus = true;
      this.#focus();
    }
  }

  page(page) {
    const moved = page.url !== this.setup.page.url;
    this.setup.page = page;
    if (moved)
      this.line.send({ t: 'page', url: page.url, title: page.title });
  }

  // Outside ---------------------------------------------------------------------------------------------------------

  #hello() {
    const token = this.store.get('token') ?? '';
    this.conversation.saidToken = token;
    return { t: 'hello', v: 1, token, page: this.setup.page, env: { language: navigator.language,
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone ?? '', screen: `${screen.width}x${screen.height}`,
      userAgent: navigator.userAgent } };
  }

  #line(state, welcome) {
    if (state === 'open')
      this.conversation.welcomed(welcome);
    else if (state === 'waiting' || state === 'off')
      this.conversation.lost();
    if (state === 'refused')
      this.#show();
    this.#heading();
    this.#banner();
  }

  #changed(what, detail) {
    if (!this.thread)
      return;   // while it is being built
    if (what === 'log' || what === 'history')
      this.thread.show({ history: what === 'history' || this.conversation.loading, added: detail ? 1 : 0 });
    else if (what === 'marks' || what === 'line' || what === 'failed')
      this.thread.show();
    if (what === 'failed')
      this.#announce(this.words.say('stateFailed'));
    if (what === 'refused')
      this.#refused(detail);
    if (what === 'orphans')
      this.drafts.set('form', { ...this.drafts.get('form'), text: detail });
    if (what === 'left')
      this.#left(detail);
    if (what === 'welcome' || what === 'chat' || what === 'online' || what === 'forgotten')
      this.#show();
    if (what === 'forgotten' && this.isOpen)
      this.line.connect();
    this.#typing();
    this.#heading();
    this.#read();
    this.host.post({ t: 'unread', count: this.conversation.unread });
    if (what === 'log' && detail && !this.isOpen)
      this.host.post({ t: 'message' });
  }

  /** Read is what was before the visitor's eyes: panel open, tab shown, thread at its end. */
  #read() {
    if (this.isOpen && !document.hidden && this.view === 'chat' && this.thread.showsEnd)
      this.conversation.markRead();
  }

  #labels() {
    const brand = cleanName(this.conversation.brand.name ?? '');
    const label = brand ? this.words.say('chatWith', { name: brand }) : this.words.say('chat');
    if (label === this.dialog.getAttribute('aria-label'))
      return;
    set(this.dialog, { 'aria-label': label });
    this.host.post({ t: 'labels', open: this.words.say('openChat'), frame: label, direction: document.documentElement.dir,
      unread: Array.from({ length: 100 }, (_, count) => this.words.say('unread', { count })) });
  }

  // The views -------------------------------------------------------------------------------------------------------

  #build() {
    const { words } = this;
    this.header = new Header(words, { minimise: () => this.#close(), endChat: () => this.#askEnd(), save: () => this.#save(),
      forget: () => this.#forget() });
    this.status = h('div', { class: 'sr', role: 'status', 'aria-live': 'polite' });
    this.banner = h('div', { class: 'banner warn line', hidden: true });
    this.thread = new Thread(words, this.conversation, this.transfers);
    this.typing = h('div', { class: 'typing' }, h('span', { class: 'dots', 'aria-hidden': 'true' }, h('b'), h('b'), h('b')), h('span'));
    this.notice = h('div', { class: 'notice', hidden: true });
    this.composer = new Composer({ words, limits: () => this.conversation.limits, drafts: this.drafts,
      say: text => { this.thread.toEnd(); this.conversation.say(text); },
      sendFile: (file, name) => this.conversation.sendFile(file, name), typing: text => this.conversation.typing(text) });
    this.question = h('div', { class: 'question', role: 'group', hidden: true });
    this.ended = h('div', { class: 'ended', hidden: true });
    this.links = h('div', { class: 'links' },
      h('button', { class: 'link', type: 'button', onclick: () => this.#save() }, words.say('saveChat')),
      h('button', { class: 'link', type: 'button', onclick: () => this.#askEnd() }, words.say('endChat')));
    this.chat = h('div', { class: 'chat' }, this.banner, this.thread.element, this.notice, this.typing, this.composer.element,
      this.question, this.ended, this.links);
    this.body = h('main', { class: 'body' });
    this.dialog = h('div', { class: 'panel', role: 'dialog', 'aria-modal': 'false', onkeydown: event => this.#key(event) },
      this.header.element, this.body, footer(words), this.status);
    this.composer.takeDrop(this.chat);
    document.body.append(this.dialog);
  }

  #show() {
    const { conversation } = this;
    const inChat = conversation.chat || conversation.starting;
    // A form that is being filled in stays, whatever the line or the agents do meanwhile.
    const view = this.line.state === 'refused' ? 'old' : inChat ? 'chat' : conversation.online === undefined ? 'wait'
      : conversation.online ? 'form' : this.sentTo ? 'sent' : 'offline';
    this.#labels();
    if (view === 'chat')
      this.#chatState();
    if (view === this.view && (view !== 'chat' || this.shownChat === conversation.chat?.id))
      return;
    if (view !== this.view) {
      this.view = view;
      fill(this.body, this.#viewNodes(view));
      this.#focus();
    }
    if (view === 'chat' && this.shownChat !== conversation.chat?.id) {
      if (this.shownChat)
        this.thread.clear();
      this.shownChat = conversation.chat?.id;
      this.thread.show({ history: true });
      this.thread.toEnd();
    }
    this.#heading();
  }

  #viewNodes(view) {
    if (view === 'chat')
      return [this.chat];
    this.thread.clear();
    this.shownChat = undefined;
    if (view === 'form')
      return [this.#startForm()];
    if (view === 'offline')
      return [this.#offlineForm()];
    if (view === 'sent')
      return [this.#sentPage()];
    if (view === 'old')
      return [h('p', { class: 'empty' }, this.words.say('reload'))];
    return [h('div', { class: 'empty', 'aria-busy': 'true' }, h('span', { class: 'dots' }, h('b'), h('b'), h('b')),
      h('span', { class: 'slow' }, this.words.say('connecting')))];
  }

  #startForm() {
    const { words, conversation, setup } = this;
    const fields = (conversation.form.length ? conversation.form : kUsualForm).slice();
    const asked = fields.find(field => field.type === 'textarea' && ['text', 'question', 'message', 'subject'].includes(field.name));
    if (!asked) {
      const ticks = fields.findIndex(field => field.type === 'checkbox');
      fields.splice(ticks < 0 ? fields.length : ticks, 0, { name: 'text', label: words.say('question'), type: 'textarea' });
    }
    const kept = this.drafts.get('form') ?? {};
    this.form = new Form({ words, fields, limits: conversation.limits, privacy: setup.privacy,
      values: { ...setup.values, ...kept }, button: words.say('startChat'), before: [h('p', { class: 'intro' }, words.say('formIntro'))],
      draft: values => this.drafts.set('form', values),
      submit: values => {
        if (conversation.starting)
          return;
        const text = values[asked?.name ?? 'text'];
        const answers = Object.fromEntries(Object.entries(values).filter(([name]) => name !== (asked?.name ?? 'text')));
        this.drafts.set('form', values);
        this.wantsFocus = true;
        conversation.start(answers, text, setup.variables, setup.context);
      } });
    return this.form.element;
  }

  #offlineForm() {
    const { words, conversation, setup } = this;
    const fields = [{ name: 'name', label: words.say('offlineName'), type: 'text', required: true },
      { name: 'email', label: words.say('offlineEmail'), type: 'email', required: true },
      { name: 'subject', label: words.say('offlineSubject'), type: 'text', wide: true },
      { name: 'text', label: words.say('offlineText'), type: 'textarea', required: true, rows: 4 }];
    const info = h('div', { class: 'banner info' }, clockIcon(), h('div', {}, h('strong', {}, words.say('offlineTitle')),
      h('p', {}, words.say('offlineHint'))));
    this.form = new Form({ words, fields, limits: conversation.limits, button: words.say('sendMessage'), before: [info],
      values: { ...setup.values, ...this.drafts.get('form') }, draft: values => this.drafts.set('form', values),
      submit: values => {
        if (this.leaving)
          return;
        const { text, ...answers } = values;
        this.leaving = conversation.leaveMessage(answers, text);
        this.form.busy(true, words.say('sendingMessage'));
      } });
    return this.form.element;
  }

  #sentPage() {
    const again = h('button', { class: 'secondary', type: 'button', onclick: () => {
      this.sentTo = undefined;
      this.wantsFocus = true;
      this.#show();
    } }, this.words.say('anotherMessage'));
    return h('div', { class: 'sent', role: 'status', tabindex: '-1' }, tickIcon(), h('h2', {}, this.words.say('offlineSent')),
      h('p', {}, this.words.say('offlineSentHint', { email: `\u2068${this.sentTo}\u2069` })), again);
  }

  #left(item) {
    this.leaving = undefined;
    this.sentTo = cleanName(item.fields.email ?? '') || ' ';
    this.drafts.remove('form');
    this.wantsFocus = true;
    this.view = undefined;
    this.#show();
  }

  #refused(item) {
    this.leaving = undefined;
    this.view = undefined;
    this.drafts.set('form', { ...this.drafts.get('form'), ...item.fields, text: item.text });
    this.#show();
    this.form?.busy(false, this.words.say(item.kind === 'start' ? 'startChat' : 'sendMessage'));
    this.form?.refuse(this.words.say(item.reason === 'busy' ? 'errorBusy' : item.kind === 'start' ? 'errorStart' : 'offlineFailed'));
  }

  // The chat --------------------------------------------------------------------------------------------------------

  #chatState() {
    const { words, conversation } = this;
    const state = conversation.chat?.state ?? 'waiting';
    const isOver = state === 'ended';
    this.notice.hidden = state !== 'waiting';
    if (state === 'waiting')
      say(this.notice, words.say('waiting'));
    this.composer.element.hidden = isOver || !this.question.hidden;
    set(this.links.lastChild, { hidden: isOver || conversation.ending });
    this.links.hidden = !this.question.hidden;
    this.ended.hidden = !isOver;
    if (isOver && !this.ended.firstChild) {
      const hadFocus = this.chat.contains(document.activeElement);
      this.question.hidden = true;
      this.links.hidden = false;
      this.startNew = h('button', { class: 'primary', type: 'button', onclick: () => this.#startNew() }, words.say('startNew'));
      fill(this.ended, h('p', {}, words.say('hasEnded')), this.startNew);
      if (hadFocus)
        this.startNew.focus();
    } else if (!isOver) {
      this.ended.replaceChildren();
    }
    this.header.menuFor({ canEnd: !isOver && !!conversation.chat, inChat: true });
    if (conversation.chat)
      this.drafts.remove('form');
  }

  #startNew() {
    this.composer.clear();
    this.wantsFocus = true;
    this.conversation.leave();
  }

  #askEnd() {
    const { words } = this;
    const back = () => {
      this.question.hidden = true;
      this.#chatState();
      this.composer.focus();
    };
    const keep = h('button', { class: 'secondary', type: 'button', onclick: back }, words.say('keepChatting'));
    const end = h('button', { class: 'danger', type: 'button', onclick: () => {
      this.question.hidden = true;
      this.conversation.end();
      this.#chatState();
      this.thread.scroller.focus();
    } }, words.say('endChat'));
    set(this.question, { 'aria-label': words.say('endQuestion') });
    fill(this.question, h('p', {}, words.say('endQuestion')), h('div', { class: 'pair' }, keep, end));
    this.question.hidden = false;
    this.#chatState();
    this.backFromQuestion = back;
    keep.focus();
  }

  #save() {
    const { chat } = this.conversation;
    saveBlob(new Blob([transcript(this.words, this.conversation)], { type: 'text/plain' }),
      `${this.words.say('savedName')}-${chat?.id.replace(/[^\w-]/g, '') ?? ''}.txt`);
  }

  #forget() {
    this.composer.clear();
    this.drafts.remove('form');
    this.drafts.remove('draft');
    this.sentTo = undefined;
    this.conversation.forget();
    this.#close();
  }

  #heading() {
    const { words, conversation } = this;
    const { chat, brand } = conversation;
    const company = cleanName(brand.name ?? '');
    const agent = chat && chat.state !== 'ended' ? chat.agentName : '';
    const isUp = this.line.state === 'open';
    const isChat = this.view === 'chat';
    this.header.show({
      title: company || words.say('chat'), agent, initials: agent ? initials(agent) : '',
      line: !isUp ? (this.line.state === 'off' ? '' : words.say('connecting'))
        : isChat && chat?.state === 'open' ? words.say('online')
          : this.view === 'offline' || this.view === 'sent' ? words.say('closedNow') : cleanName(brand.reply ?? ''),
      isOnline: isUp && isChat && chat?.state === 'open',
    });
    if (!isChat)
      this.header.menuFor({ inChat: false, canEnd: false });
  }

  #typing() {
    const { conversation } = this;
    this.typing.classList.toggle('on', conversation.isTyping);
    say(this.typing.lastChild, conversation.isTyping
      ? this.words.say('typing', { name: conversation.typingName.split(' ')[0] || this.words.say('someone') }) : '');
  }

  #banner() {
    const down = this.line.downSince && this.line.state !== 'open' ? Date.now() - this.line.downSince : 0;
    const isShown = down > kBannerAfter && this.view === 'chat' && this.conversation.chat?.state !== 'ended';
    if (isShown) {
      const seconds = Math.floor(down / 1_000);
      const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
      say(this.banner, this.words.say('offlineFor', { time }));
      if (this.banner.hidden)
        this.#announce(this.banner.textContent);   // said once; the seconds that follow are only to be seen
    } else if (!this.banner.hidden && this.line.state === 'open') {
      this.#announce(this.words.say('backOnline'));
    }
    this.banner.hidden = !isShown;
    if (this.view === 'wait')
      this.body.querySelector('.empty')?.classList.toggle('is-slow', down > kBannerAfter);
    const slow = this.body.querySelector('.slow');
    if (slow)
      say(slow, this.words.say(down > 10_000 ? 'noHub' : 'connecting'));
  }

  #announce(text) {
    this.status.textContent = '';
    setTimeout(() => { this.status.textContent = text; }, 50);
  }

  // Focus -----------------------------------------------------------------------------------------------------------

  #focus() {
    if (!this.wantsFocus || !this.isOpen)
      return;
    if (this.view === 'wait') {
      this.header.focus();
      return;   // and again when there is something to fill in
    }
    this.wantsFocus = false;
    if (this.view === 'chat')
      (this.conversation.chat?.state === 'ended' ? this.startNew : this.composer).focus();
    else if (this.view === 'form' || this.view === 'offline')
      this.form.focusFirst();
    else
      (this.body.querySelector('.sent') ?? this.header).focus();
  }

  /** Esc peels one layer: a popup, a question, then the panel. It never ends a chat or drops text. */
  #key(event) {
    if (event.key !== 'Escape' || event.isComposing)
      return;
    event.preventDefault();
    if (this.header.closeMenu() || this.composer.closePopup())
      return;
    if (!this.question.hidden)
      this.backFromQuestion();
    else
      this.#close();
  }

  #close() {
    this.isOpen = false;
    this.host.post({ t: 'close' });
  }
}

function clockIcon() {
  return Header.icon('clock', 16);
}

function tickIcon() {
  return h('span', { class: 'sent-icon' }, Header.icon('check', 24));
}

function footer(words) {
  const isEncrypted = location.protocol === 'https:';
  return h('footer', { class: 'foot' }, isEncrypted && Header.icon('lock', 12), words.say(isEncrypted ? 'encrypted' : 'byParley'));
}

/** The embedding page may say who and where its visitor is and open or close the panel; it never learns what is said. */
function begin(port, setup) {
  const host = { post: message => port.postMessage(message) };
  const panel = new Panel(host, setup);
  port.onmessage = ({ data }) => {
    if (data.t === 'open')
      panel.open(data.open === true, data.focus === true);
    else if (data.t === 'theme')
      set(document.documentElement, { 'data-theme': data.theme === 'dark' || data.theme === 'light' ? data.theme : null });
    else if (data.t === 'page')
      panel.page(data.page);
    else if (data.t === 'facts')
      Object.assign(panel.setup, data.facts);
  };
  host.post({ t: 'ready' });
}

window.addEventListener('message', event => {
  if (event.source === window.parent && event.data?.parley === 'init' && event.ports[0] && !document.body.firstElementChild)
    begin(event.ports[0], event.data.setup);
});
window.parent.postMessage({ parley: 'here' }, '*');
