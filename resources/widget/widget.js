// The one script a website embeds: draws the launcher, frames the panel, offers window.Parley. docs/widget.md tells how.
//
// The panel lives in a frame of the hub's own origin: neither page's CSS reaches the other, the website's scripts cannot
// read the chat, and the website's Content-Security-Policy needs to name the hub only (script-src, frame-src). The
// launcher is one button in a shadow root; its styles are a constructed sheet, which needs no style-src.
(() => {
  'use strict';

  const script = document.currentScript
    ?? [...document.querySelectorAll('script[src]')].reverse().find(element => /\/widget\.js(\?|#|$)/.test(element.src));
  const early = Array.isArray(window.Parley) ? window.Parley : [];
  if (!script || (window.Parley && !Array.isArray(window.Parley)))
    return;   // embedded twice: the first one serves

  const kFrame = new URL('widget/frame.html', script.src);
  const kLimit = { names: 50, name: 64, value: 1_000 };
  const kStyle = `
    :host { all: initial; }
    * { box-sizing: border-box; }
    [hidden] { display: none !important; }
    .launcher { position: fixed; inset-block-end: 20px; inset-inline-end: 20px; z-index: 2147483000; inline-size: 56px;
      block-size: 56px; padding: 0; border: 1px solid transparent; border-radius: 28px; background: #0b6780; color: #fff;
      display: flex; align-items: center; justify-content: center; cursor: pointer;
      box-shadow: 0 8px 24px rgba(20, 24, 28, .24); -webkit-tap-highlight-color: transparent; }
    .launcher:hover { background: #09586e; }
    .launcher:active { background: #07485a; }
    .launcher:focus-visible { outline: 2px solid #0b6780; outline-offset: 2px; box-shadow: 0 0 0 2px #fff, 0 8px 24px rgba(20, 24, 28, .24); }
    .badge { position: absolute; inset-block-start: -4px; inset-inline-end: -4px; min-inline-size: 22px; block-size: 22px;
      padding: 0 6px; border-radius: 11px; background: #b0271c; color: #fff; border: 2px solid #fff;
      font: 600 12px/18px Inter, "Segoe UI", "Noto Sans", system-ui, sans-serif; text-align: center; }
    .frame { position: fixed; inset-block-end: 20px; inset-inline-end: 20px; z-index: 2147483000; inline-size: 392px;
      block-size: min(652px, 100vh - 40px); block-size: min(652px, 100dvh - 40px); border: 1px solid #d3d0c8;
      border-radius: 12px; background: #fff; color-scheme: normal; box-shadow: 0 8px 24px rgba(20, 24, 28, .16); }
    .frame.closed { visibility: hidden; pointer-events: none; opacity: 0; transform: translateY(8px); }
    @media (prefers-reduced-motion: no-preference) {
      .frame { transition: opacity 140ms ease-out, transform 140ms ease-out, visibility 0s; }
      .frame.closed { transition: opacity 90ms, transform 90ms, visibility 0s 90ms; }
    }
    @media (max-width: 480px), (max-height: 480px) {
      .frame { inset: 0; inline-size: 100%; block-size: 100%; block-size: 100dvh; border: 0; border-radius: 0; }
    }
    .dark .launcher { background: #3fa3bf; color: #06222b; }
    .dark .launcher:hover { background: #55b3cd; }
    .dark .launcher:active { background: #3397b3; }
    .dark .launcher:focus-visible { outline-color: #6cc3da; box-shadow: 0 0 0 2px #1c1f22, 0 8px 24px rgba(0, 0, 0, .5); }
    .dark .badge { background: #f28b7f; color: #2b0906; border-color: #1c1f22; }
    .dark .frame { background: #1c1f22; border-color: #3a4045; box-shadow: 0 8px 24px rgba(0, 0, 0, .5); }
    @media (forced-colors: active) { .launcher, .badge { border-color: ButtonText; } }
    @media print { .launcher, .frame { display: none; } }`;

  const kSvg = 'http://www.w3.org/2000/svg';
  const data = script.dataset;
  const facts = { variables: {}, context: {}, values: {} };
  let port = null;
  let isOpen = false;
  let opener = null;
  let unreadWords = [];
  let openWords = '';

  const make = (tag, attributes, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes))
      element.setAttribute(name, value);
    element.append(...children);
    return element;
  };

  // The page's facts ------------------------------------------------------------------------------------------------

  /** Texts by name, as the protocol wants them; anything that is not a text, number or yes/no is left out. */
  const texts = object => Object.fromEntries(Object.entries(object ?? {})
    .filter(([name, value]) => name && name.length <= kLimit.name && ['string', 'number', 'boolean'].includes(typeof value))
    .slice(0, kLimit.names).map(([name, value]) => [name, String(value).slice(0, kLimit.value)]));
  const page = () => ({ url: location.href, title: document.title, referrer: document.referrer });
  const tell = message => port?.postMessage(message);
  const learn = (kind, object) => {
    facts[kind] = texts({ ...facts[kind], ...object });
    tell({ t: 'facts', facts });
  };

  /** Language and direction of the page around the script, unless the tag says otherwise. */
  const language = () => data.lang || document.documentElement.lang || navigator.language || 'en';
  const direction = () => {
    const said = data.dir || document.documentElement.dir || document.body?.dir;
    return said === 'rtl' || said === 'ltr' ? said : '';
  };
  const prefersDark = matchMedia('(prefers-color-scheme: dark)');
  let wantedTheme = data.theme;
  const isTheme = value => value === 'dark' || value === 'light';
  const theme = () => (isTheme(wantedTheme) ? wantedTheme : prefersDark.matches ? 'dark' : 'light');

  // What is drawn ---------------------------------------------------------------------------------------------------

  const host = document.createElement('parley-widget');
  // The website's CSS may reach the element itself (body > * { … }); inline and important, this wins.
  for (const [name, value] of [['display', 'block'], ['position', 'static'], ['visibility', 'visible'], ['opacity', '1'],
    ['transform', 'none'], ['filter', 'none'], ['contain', 'none'], ['inline-size', 'auto'], ['block-size', 'auto'], ['margin', '0'],
    ['padding', '0'], ['border', '0']])
    host.style.setProperty(name, value, 'important');
  // Open, because closing would keep out nothing but tests and helpers; the chat itself is out of reach in its frame.
  const root = host.attachShadow({ mode: 'open' });
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(kStyle);
    root.adoptedStyleSheets = [sheet];
  } catch {
    root.append(make('style', {}, kStyle));   // browsers before 2023
  }

  const drawing = document.createElementNS(kSvg, 'svg');
  for (const [name, value] of Object.entries({ width: 26, height: 26, viewBox: '0 0 24 24', fill: 'none', stroke: 'currentColor',
    'stroke-width': 1.75, 'stroke-linecap': 'round', 'stroke-linejoin': 'round', 'aria-hidden': 'true' }))
    drawing.setAttribute(name, value);
  for (const d of ['M5.5 4.5h13a2.25 2.25 0 0 1 2.25 2.25v7.5a2.25 2.25 0 0 1-2.25 2.25H11L6.75 20v-3.5H5.5a2.25 2.25 0 0 1-2.25-2.25v-7.5A2.25 2.25 0 0 1 5.5 4.5z',
    'M8 9h8M8 12.25h5']) {
    const path = document.createElementNS(kSvg, 'path');
    path.setAttribute('d', d);
    drawing.append(path);
  }
  const badge = make('span', { class: 'badge', 'aria-hidden': 'true', hidden: '' });
  const launcher = make('button', { class: 'launcher', type: 'button', 'aria-expanded': 'false', 'aria-haspopup': 'dialog', hidden: '' },
    drawing, badge);
  const frame = make('iframe', { class: 'frame closed', src: kFrame.href, title: 'Chat', allow: 'clipboard-write',
    referrerpolicy: 'strict-origin', tabindex: '-1', 'aria-hidden': 'true' });
  const box = make('div', {}, frame, launcher);
  root.append(box);

  const paint = () => box.classList.toggle('dark', theme() === 'dark');
  prefersDark.addEventListener?.('change', paint);
  paint();

  const show = (open, focus) => {
    if (open === isOpen)
      return;
    isOpen = open;
    if (open)
      opener = document.activeElement;
    frame.classList.toggle('closed', !open);
    if (open) {
      frame.removeAttribute('aria-hidden');
      frame.removeAttribute('tabindex');
    } else {
      frame.setAttribute('aria-hidden', 'true');
      frame.setAttribute('tabindex', '-1');
    }
    launcher.hidden = open || !port;
    launcher.setAttribute('aria-expanded', String(open));
    if (open && focus)
      frame.focus();   // the panel then chooses the place inside
    tell({ t: 'open', open, focus });
    if (!open && focus)
      (opener && opener !== document.body && opener !== host && opener.isConnected ? opener : launcher).focus();
    window.dispatchEvent(new CustomEvent(open ? 'parley:open' : 'parley:close'));
  };

  const unread = count => {
    badge.hidden = count === 0;
    badge.textContent = count > 99 ? '99+' : String(count);
    launcher.setAttribute('aria-label', count ? unreadWords[Math.min(count, 99)] ?? openWords : openWords);
    window.dispatchEvent(new CustomEvent('parley:unread', { detail: { count } }));
  };

  // The frame -------------------------------------------------------------------------------------------------------

  let count = 0;
  const hear = ({ data: message }) => {
    switch (message.t) {
    case 'ready':
      launcher.hidden = isOpen;
      if (isOpen)
        tell({ t: 'open', open: true, focus: document.activeElement === host });
      window.dispatchEvent(new CustomEvent('parley:ready'));
      break;
    case 'labels':
      openWords = message.open;
      unreadWords = message.unread;
      frame.title = message.frame;
      box.dir = message.direction;
      unread(count);
      break;
    case 'unread':
      if (count !== message.count)
        unread(count = message.count);
      break;
    case 'close':
      show(false, true);
      break;
    default:
    }
  };

  window.addEventListener('message', event => {
    if (event.source !== frame.contentWindow || event.origin !== kFrame.origin || event.data?.parley !== 'here')
      return;
    const channel = new MessageChannel();
    port = channel.port1;
    port.onmessage = hear;
    const values = texts({ name: data.name, email: data.email, phone: data.phone, company: data.company,
      department: data.department, product: data.product, ...facts.values });
    facts.values = values;
    const setup = { ...facts, page: page(), language: language(), direction: direction(), theme: isTheme(wantedTheme) ? wantedTheme : '',
      privacy: webAddress(data.privacyUrl) };
    frame.contentWindow.postMessage({ parley: 'init', setup }, kFrame.origin, [channel.port2]);
  });

  function webAddress(value) {
    try {
      const url = new URL(value, document.baseURI);
      return value && /^https?:$/.test(url.protocol) ? url.href : '';
    } catch {
      return '';
    }
  }

  // A page of one document changes its address without a load; the agent sees where the visitor is.
  let lastAddress = location.href;
  setInterval(() => {
    if (port && location.href !== lastAddress) {
      lastAddress = location.href;
      tell({ t: 'page', page: page() });
    }
  }, 1_000);

  launcher.addEventListener('click', () => show(true, true));

  const api = {
    open: ({ focus = true } = {}) => show(true, focus),
    close: () => show(false, false),
    setTheme: value => {
      wantedTheme = value;
      paint();
      tell({ t: 'theme', theme: isTheme(value) ? value : '' });
    },
    setVariables: object => learn('variables', object),
    setContext: object => learn('context', object),
    setVisitor: object => learn('values', object),
    get isOpen() { return isOpen; },
    /** Takes what a page said before this script had loaded: Parley.push(['setVariables', { … }]). */
    push: (...calls) => calls.forEach(([name, ...rest]) => typeof api[name] === 'function' && name !== 'push' && api[name](...rest)),
  };
  window.Parley = Object.freeze(api);

  const begin = () => {
    document.body.append(host);
    if (data.open !== undefined && data.open !== 'false')
      show(true, false);
    api.push(...early);
  };
  if (document.body)
    begin();
  else
    document.addEventListener('DOMContentLoaded', begin);
})();
