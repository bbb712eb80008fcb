// Nobody is there: the message form; and what happens when somebody comes or goes.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, stage, until } from './browser.js';

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

async function fill(visitor) {
  await visitor.field('Your name').fill('Wei Zhang');
  await visitor.field('Email').fill('wei.zhang@example.org');
  await visitor.field('Subject').fill('Cannot reset my password');
  await visitor.field('Message').fill('The reset email never arrives.');
}

test('offline_messageLeft_oneAtTheHubAndConfirmed', async t => {
  const { hub, visitor } = await stage(t, browser, { hub: { online: false } });
  await visitor.frame.getByText('Leave a message and we will reply by email').waitFor();
  await visitor.button('Send message').click();
  assert.equal(await visitor.frame.locator('.field .error:visible').count(), 3);
  await fill(visitor);
  await visitor.button('Send message').click();
  await visitor.frame.getByText('Your message is with us').waitFor();
  assert.equal(hub.offline.length, 1);
  assert.deepEqual(hub.offline[0].fields, { name: 'Wei Zhang', email: 'wei.zhang@example.org', subject: 'Cannot reset my password' });
  assert.equal(hub.offline[0].text, 'The reset email never arrives.');
  await visitor.button('Write another message').click();
  assert.equal(await visitor.field('Message').inputValue(), '');
});

test('offline_ackLost_sentAgainButStoredOnce', async t => {
  const { hub, visitor } = await stage(t, browser, { hub: { online: false } });
  await fill(visitor);
  hub.stallAcks = true;
  await visitor.button('Send message').click();
  await until(() => hub.offline.length === 1, 'stored');
  hub.stallAcks = false;
  hub.dropLines();
  await visitor.frame.getByText('Your message is with us').waitFor();
  assert.equal(hub.offline.length, 1);
  assert.equal(new Set(hub.heard.filter(frame => frame.t === 'offline').map(frame => frame.cid)).size, 1);
});

test('offline_refused_whatWasWrittenStays', async t => {
  const { hub, visitor } = await stage(t, browser, { hub: { online: false } });
  await fill(visitor);
  hub.refuseNext.push({ t: 'offline', code: 'storage' });
  await visitor.button('Send message').click();
  await visitor.frame.getByText('The message was not sent. What you wrote is still here.').waitFor();
  assert.equal(await visitor.field('Message').inputValue(), 'The reset email never arrives.');
  await visitor.button('Send message').click();
  await visitor.frame.getByText('Your message is with us').waitFor();
});

test('online_agentsComeAndGo_theFormFollowsAndKeepsWhatItCan', async t => {
  const { hub, visitor } = await stage(t, browser);
  await visitor.field('Your name').fill('Wei Zhang');
  hub.setOnline(false);
  await visitor.frame.getByText('Leave a message and we will reply by email').waitFor();
  assert.equal(await visitor.field('Your name').inputValue(), 'Wei Zhang');
  hub.setOnline(true);
  await visitor.button('Start chat').waitFor();
  assert.equal(await visitor.field('Your name').inputValue(), 'Wei Zhang');
});
