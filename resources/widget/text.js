// What other people wrote is data: made harmless to look at here, and only ever put on the page as text nodes.

// C0 and C1 controls but tab and line feed: they draw boxes or nothing, and never carry meaning in a chat.
const kControls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;
// Marks that turn the direction of what follows. Inside a bubble (a paragraph of its own) they can only harm the
// bubble; in a name or a file name they can make "gpj.exe" look like "exe.jpg", so there they go.
const kDirection = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const kInvisible = /[\u200b\u2028\u2029\u2060\ufeff]/g;
const kLoneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** A message's text: line feeds kept, controls dropped. */
export function clean(value) {
  if (typeof value !== 'string')
    return '';
  return value.replace(/\r\n?/g, '\n').replace(kControls, '').replace(kLoneSurrogate, '\ufffd');
}

/** A name, title or file name: one line, no marks that could make it read as something else. */
export function cleanName(value, limit = 120) {
  const line = clean(value).replace(kDirection, '').replace(kInvisible, '').replace(/\s+/g, ' ').trim();
  const letters = Array.from(line);
  return letters.length > limit ? letters.slice(0, limit - 1).join('') + '…' : line;
}

/** A file name for the visitor's disk: no path, nothing hidden, its ending kept. */
export function fileNameForDisk(value) {
  const name = cleanName(value, 1000).replace(/[\\/:*?"<>|]/g, '_').replace(/^\.+/, '');
  const dot = name.lastIndexOf('.');
  const ending = dot > 0 && name.length - dot <= 12 ? name.slice(dot) : '';
  return (Array.from(name.slice(0, name.length - ending.length)).slice(0, 100).join('') || 'file') + ending;
}

/** "Nora" of "Nora Whitfield"; a title ("Dr.") keeps the word that follows it. */
export function firstName(value) {
  const words = cleanName(value).split(' ');
  return words.length > 1 && words[0].endsWith('.') ? words.slice(0, 2).join(' ') : words[0];
}

export function initials(value) {
  const words = cleanName(value).split(' ').filter(word => /[\p{L}\p{N}]/u.test(word));
  const first = word => Array.from(word.replace(/^[^\p{L}\p{N}]+/u, ''))[0] ?? '';
  const letters = words.length > 1 ? first(words[0]) + first(words[words.length - 1]) : first(words[0] ?? '');
  return letters.toLocaleUpperCase();
}

/** How long the hub will find it: it counts UTF-16 units, as we do. */
export function lengthOf(text) {
  return text.length;
}

// One pass, no backtracking: an address ends at a space, a quote, an angle bracket or a mark that turns direction.
const kAddress = /\bhttps?:\/\/[^\s<>"'`\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/giu;
const kClosers = { ')': '(', ']': '[', '}': '{' };

function withoutTail(address) {
  let end = address.length;
  for (; end > 0; --end) {
    const last = address[end - 1];
    if (/[.,;:!?…*_~]/.test(last))
      continue;
    const opener = kClosers[last];
    if (!opener)
      break;
    const inside = address.slice(0, end);
    if (inside.split(opener).length >= inside.split(last).length)
      break;
  }
  return address.slice(0, end);
}

/** Cuts a text into plain pieces and links: [{ text }, { text, href }]. Only http and https, never with a password. */
export function linkPieces(text) {
  const pieces = [];
  let from = 0;
  for (const match of text.matchAll(kAddress)) {
    const address = withoutTail(match[0]);
    let url = null;
    try {
      url = new URL(address);
    } catch {
      continue;
    }
    if ((url.protocol !== 'http:' && url.protocol !== 'https:') || url.username || url.password || !url.hostname)
      continue;
    if (match.index > from)
      pieces.push({ text: text.slice(from, match.index) });
    pieces.push({ text: address, href: url.href });
    from = match.index + address.length;
  }
  if (from < text.length)
    pieces.push({ text: text.slice(from) });
  return pieces;
}

/** The same rule as the form's: something, an at sign, a host with a dot; the mail server has the last word. */
export function isMailAddress(value) {
  return value.length <= 254 && /^[^\s@"(),:;<>[\\\]]+@[^\s@.,]+(\.[^\s@.,]+)*\.[^\s@.,\d][^\s@.,]+$/u.test(value);
}

/** Digits with the usual marks between them; what they mean is for the CRM to say. */
export function isPhone(value) {
  return /^\+?[\d\s().\/\-–]{3,40}([x#]\s?\d{1,8})?$/i.test(value) && value.replace(/\D/g, '').length >= 3;
}
