// A person who signs in to the CRM in a real Chromium: node browser.js URL allow|deny USERNAME PASSWORD.
// A wrong password comes first, because people mistype. Prints the words of the page on which it all ended.
import { launch } from '../widget/browser.js';

const [url, answer, username, password] = process.argv.slice(2);
const browser = await launch();
try {
  const page = await browser.newPage();
  page.setDefaultTimeout(20_000);
  await page.goto(url);
  await page.fill('#username', username);
  await page.fill('#password', 'not the password');
  await page.click('#Login');
  await page.waitForSelector('#error');
  await page.fill('#password', password);
  await page.click('#Login');
  await page.click(answer === 'allow' ? '#oaapprove' : '#oadeny');
  await page.waitForURL(address => address.pathname.toLowerCase().includes('oauth') && !address.pathname.includes('/services/'));
  console.log((await page.locator('body').innerText()).trim());
} finally {
  await browser.close();
}
