// Runs axe-core in the embedding page and in the panel's frame, each with its own document.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const kSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export async function runAxe(page) {
  const violations = [];
  for (const frame of page.frames()) {
    // By the debugger and not by a script element: the panel's Content-Security-Policy refuses those, as it should.
    await frame.evaluate(kSource);
    const result = await frame.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'], iframes: false,
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
    violations.push(...result.violations);
  }
  return violations;
}
