// Makes elements: text only ever as text nodes, handlers only by addEventListener, icons as drawn paths.

// The shapes of resources/icons, on their 24 x 24 grid.
const kShapes = {
  attach: ['M19.5 11.25l-7.6 7.6a4.6 4.6 0 0 1-6.5-6.5l8-8a3.1 3.1 0 0 1 4.4 4.4l-7.9 7.9a1.6 1.6 0 0 1-2.25-2.25l7.1-7.1'],
  checks: ['M2.75 12.75l4.25 4.25 8-9.25',
    'M11.5 16.75l.5.25 9-9.75'],
  check: ['M5 12.75l4.5 4.5L19 7.5'],
  clock: [['circle', { cx: 12, cy: 12, r: 8.25 }],
    'M12 7.5V12l3 1.75'],
  close: ['M6.5 6.5l11 11M17.5 6.5l-11 11'],
  down: ['M6.5 9.5L12 15l5.5-5.5'],
  download: ['M12 4v11.500M7 11l5 5 5-5M4.500 19.750h15'],
  emoji: [['circle', { cx: 12, cy: 12, r: 8.25 }],
    'M8.5 14.25c.8 1.35 2 2 3.5 2s2.7-.65 3.5-2',
    'M9.25 9.5v.6M14.75 9.5v.6'],
  error: ['M8.600 3.750h6.800l4.850 4.850v6.800l-4.850 4.850H8.600l-4.850-4.850V8.600z',
    'M12 8v4.750M12 15.750v.1'],
  file: ['M7 3.75h6.5L18.5 9v9.5a1.75 1.75 0 0 1-1.75 1.75H7a1.75 1.75 0 0 1-1.75-1.75v-13A1.75 1.75 0 0 1 7 3.75z',
    'M13.25 4v5.25h5'],
  lock: [['rect', { x: 5, y: 10.5, width: 14, height: 9.5, rx: 2.25 }],
    'M8 10.25V8a4 4 0 0 1 8 0v2.25M12 14.25v2'],
  minus: ['M5 12h14'],
  more: [['circle', { cx: 5.5, cy: 12, r: 1.6 }],
    ['circle', { cx: 12, cy: 12, r: 1.6 }],
    ['circle', { cx: 18.5, cy: 12, r: 1.6 }]],
  send: ['M4.25 4.75l16 7.25-16 7.25L6.5 12z',
    'M6.5 12h6'],
  refresh: ['M19.75 12a7.75 7.75 0 1 1-2.3-5.5l2.05 2',
    'M19.75 4.25V8.5H15.5'],
  info: [['circle', { cx: 12, cy: 12, r: 8.250 }],
    'M12 11.250v4.750M12 8v.1'],
  image: [['rect', { x: 3.5, y: 5, width: 17, height: 14, rx: 2.25 }],
    ['circle', { cx: 8.5, cy: 9.75, r: 1.5 }],
    'M4 17l4.75-4.25L12 15.5l3.5-3.5 5 4.5'],
  warning: ['M10.500 5.250a1.750 1.750 0 0 1 3 0l7 12a1.750 1.750 0 0 1-1.500 2.500H5a1.750 1.750 0 0 1-1.500-2.500z',
    'M12 10v4M12 16.750v.1'],
  talk: ['M5.5 4.5h13a2.25 2.25 0 0 1 2.25 2.25v7.5a2.25 2.25 0 0 1-2.25 2.25H11L6.75 20v-3.5H5.5a2.25 2.25 0 0 1-2.25-2.25v-7.5A2.25 2.25 0 0 1 5.5 4.5z',
    'M8 9h8M8 12.25h5'],
};
const kSvg = 'http://www.w3.org/2000/svg';
const kFilled = new Set(['more']);

/** h('button', { class: 'x', onclick: f, 'aria-label': 'y' }, 'text', child, null) */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  set(element, attributes);
  append(element, children);
  return element;
}

/** null and false take an attribute away; only a change touches the page, so that screen readers stay calm. */
export function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on'))
      element.addEventListener(name.slice(2), value);
    else if (value === null || value === undefined || value === false)
      element.removeAttribute(name);
    else if (element.getAttribute(name) !== String(value === true ? '' : value))
      element.setAttribute(name, value === true ? '' : value);
  }
  return element;
}

export function append(element, children) {
  for (const child of children.flat())
    if (child !== null && child !== undefined && child !== false)
      element.append(child);
}

export function fill(element, ...children) {
  element.replaceChildren();
  append(element, children);
  return element;
}

/** Sets the words of an element, but only when they changed. */
export function say(element, words) {
  if (element.textContent !== words)
    element.textContent = words;
}

export function icon(name, size = 20) {
  const svg = document.createElementNS(kSvg, 'svg');
  const stroke = size <= 14 ? 2.1 : size <= 16 ? 1.95 : 1.75;
  const filled = kFilled.has(name);
  set(svg, { class: `icon icon-${name}`, width: size, height: size, viewBox: '0 0 24 24', 'aria-hidden': 'true',
    focusable: 'false', fill: filled ? 'currentColor' : 'none', stroke: filled ? null : 'currentColor',
    'stroke-width': stroke, 'stroke-linecap': 'round', 'stroke-linejoin': 'round' });
  for (const shape of kShapes[name]) {
    const [tag, attributes] = typeof shape === 'string' ? ['path', { d: shape }] : shape;
    svg.append(set(document.createElementNS(kSvg, tag), attributes));
  }
  return svg;
}

/** Words for screen readers only. */
export function hidden(words) {
  return h('span', { class: 'sr' }, words);
}

let lastId = 0;
export function newElementId(stem) {
  lastId += 1;
  return `${stem}-${lastId}`;
}
