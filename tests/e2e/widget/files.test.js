// Files both ways: in pieces, with progress, taken up again, refused in time, kept over a reload.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { launch, stage, until } from './browser.js';

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

const sum = bytes => createHash('sha256').update(bytes).digest('hex');
const kPng = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR4nGNgWBhABxo1jVYYAB4nZQE2c0cPAAAAAElFTkSuQmCC', 'base64');

async function inChat(t, options) {
  const set = await stage(t, browser, options);
  await set.visitor.start('First');
  await until(() => set.hub.chat, 'a chat');
  set.hub.accept();
  await set.visitor.frame.getByText(/^Nora joined/).waitFor();
  return set;
}

const choose = (visitor, name, mimeType, buffer) => visitor.frame.locator('input[type=file]').setInputFiles({ name, mimeType, buffer });

test('send_severalPieces_arrivesWholeWithPreview', async t => {
  const { hub, visitor } = await inChat(t, { hub: { chunk: 4_096 } });
  const bytes = randomBytes(50_000);
  await choose(visitor, 'notes.bin', 'application/octet-stream', bytes);
  await visitor.frame.locator('.tray').getByText('notes.bin').waitFor();
  assert.equal(hub.heard.some(frame => frame.t === 'file.begin'), false, 'nothing goes before Send');
  await visitor.button('Send').click();
  const file = await until(() => [...hub.chat.files.values()].find(one => one.complete), 'the whole file');
  assert.equal(sum(file.bytes), sum(bytes));
  await visitor.mine.filter({ hasText: 'notes.bin' }).locator('.state').getByText('Sent').waitFor();
});

test('send_lineBreaksHalfWay_goesOnWhereItWas', async t => {
  const { hub, visitor } = await inChat(t, { hub: { chunk: 4_096 } });
  const bytes = randomBytes(60_000);
  let pieces = 0;
  hub.dropOn = frame => frame.t === 'file.chunk' && (pieces += 1) === 6;
  await choose(visitor, 'long.bin', 'application/octet-stream', bytes);
  await visitor.button('Send').click();
  const file = await until(() => [...hub.chat.files.values()].find(one => one.complete), 'the whole file');
  assert.equal(sum(file.bytes), sum(bytes));
  assert.equal(file.begun, 2);
  const offsets = hub.heard.filter(frame => frame.t === 'file.chunk').map(frame => frame.offset);
  assert.equal(new Set(offsets).size, offsets.length - 1, 'only the piece that was lost went twice');
  assert.equal(hub.chat.log.filter(entry => entry.kind === 'file').length, 1);
});

test('send_pageReloadedHalfWay_theFileStillArrives', async t => {
  const { hub, visitor } = await inChat(t, { hub: { chunk: 4_096 } });
  const bytes = randomBytes(60_000);
  let pieces = 0;
  hub.dropOn = frame => frame.t === 'file.chunk' && (pieces += 1) >= 5;
  await choose(visitor, 'kept.bin', 'application/octet-stream', bytes);
  await visitor.button('Send').click();
  await until(() => pieces >= 5, 'the broken line');
  await visitor.page.reload();
  hub.dropOn = null;
  const file = await until(() => [...hub.chat.files.values()].find(one => one.complete), 'the whole file', 25_000);
  assert.equal(sum(file.bytes), sum(bytes));
  await until(() => hub.chat.log.filter(entry => entry.kind === 'file').length === 1, 'one message');
});

test('send_tooLargeOrEmpty_isSaidAndNotSent', async t => {
  const { hub, visitor } = await inChat(t, { hub: { limits: { file: 100_000 } } });
  await choose(visitor, 'film.mp4', 'video/mp4', Buffer.alloc(250_000));
  await visitor.frame.getByText('film.mp4 is 244 kB. At most 98 kB can be sent.').waitFor();
  await choose(visitor, 'nothing.txt', 'text/plain', Buffer.alloc(0));
  await visitor.frame.getByText('nothing.txt is empty.').waitFor();
  assert.equal(await visitor.frame.locator('.tray li').count(), 0);
  assert.equal(hub.heard.some(frame => frame.t.startsWith('file.')), false);
});

test('fetch_fromTheAgent_savedWholeUnderAHarmlessName', async t => {
  const { hub, visitor } = await inChat(t, { hub: { chunk: 8_192 } });
  const bytes = randomBytes(40_000);
  hub.sendFile('../..\\evil\u202Egnp.exe', 'text/html', bytes);
  const download = visitor.page.waitForEvent('download');
  await visitor.frame.getByRole('button', { name: /^Download / }).click();
  const saved = await download;
  assert.ok(!/[\\/\u202e]/.test(saved.suggestedFilename()) && saved.suggestedFilename().endsWith('gnp.exe'), saved.suggestedFilename());
  const chunks = [];
  for await (const chunk of await saved.createReadStream())
    chunks.push(chunk);
  assert.equal(sum(Buffer.concat(chunks)), sum(bytes));
  const shown = await visitor.theirs.last().locator('.file-name bdi').textContent();
  assert.ok(!shown.includes('\u202e'));
});

test('fetch_lineBreaksHalfWay_goesOn', async t => {
  const { hub, visitor } = await inChat(t, { hub: { chunk: 8_192 } });
  const bytes = randomBytes(40_000);
  hub.sendFile('report.pdf', 'application/pdf', bytes);
  let pieces = 0;
  hub.dropOn = frame => frame.t === 'file.get' && (pieces += 1) === 3;
  const download = visitor.page.waitForEvent('download', { timeout: 30_000 });
  await visitor.frame.getByRole('button', { name: /^Download / }).click();
  const chunks = [];
  for await (const chunk of await (await download).createReadStream())
    chunks.push(chunk);
  assert.equal(sum(Buffer.concat(chunks)), sum(bytes));
});

test('pictures_bothWays_areShownAndScalableOnesAreNot', async t => {
  const { hub, visitor } = await inChat(t);
  hub.sendFile('ours.png', 'image/png', kPng);
  await visitor.frame.getByRole('img', { name: 'Picture ours.png' }).waitFor();
  await choose(visitor, 'mine.png', 'image/png', kPng);
  await visitor.button('Send').click();
  await visitor.frame.getByRole('img', { name: 'Picture mine.png' }).waitFor();
  hub.sendFile('script.svg', 'image/svg+xml', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'));
  await visitor.frame.getByText('script.svg').waitFor();
  hub.sendFile('broken.png', 'image/png', Buffer.from('no picture at all'));
  await visitor.frame.getByText('broken.png').waitFor();
  await until(async () => await visitor.frame.getByRole('img', { name: /Picture/ }).count() === 2, 'only what is a picture');
});
