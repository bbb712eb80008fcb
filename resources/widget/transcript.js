// The chat as a text file for the visitor's own keeping: made here, sent nowhere.
import { cleanName } from './text.js';

export function transcript(words, conversation) {
  const when = new Intl.DateTimeFormat(words.locale, { dateStyle: 'medium', timeStyle: 'short' });
  const lines = [cleanName(conversation.brand.name ?? ''), ''];
  for (const entry of conversation.messages().known) {
    if (entry.kind === 'event')
      continue;
    const who = entry.author === 'visitor' ? words.say('you') : entry.name || words.say(entry.author === 'bot' ? 'bot' : 'someone');
    const said = entry.kind === 'file' ? `[${cleanName(entry.file?.name ?? '')}]` : entry.text;
    lines.push(`${when.format(entry.at)}  ${who}:`, said, '');
  }
  return lines.join('\n');
}
