// GraphiQL on the whole server: every prepared tab runs against the demo without an error.

import '../support/try-again';
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { describeWithBrowser, launchBrowser } from '../support/chromium';
import { House, until } from '../support/house';

async function shown(page: Page): Promise<string> {
  const text = (await page.locator('.graphiql-response').textContent()) ?? '';
  return text.replaceAll('\u00a0', ' ');
}

/** Opens a tab, runs it, and waits until the answer passes. */
async function run(page: Page, name: string, passes: (text: string) => boolean): Promise<string> {
  await page.click(`.graphiql-tab-button:text-is("${name}")`);
  const editor = page.locator('.graphiql-query-editor');
  await until(async () => ((await editor.textContent()) ?? '').includes(name));
  await page.click('.graphiql-execute-button');
  return until(() => shown(page), passes);
}

describeWithBrowser('the prepared tabs of GraphiQL on the demo', () => {
  let browser: Browser;
  let house: House;
  let page: Page;
  const complaints: string[] = [];
  beforeAll(async () => {
    const built = spawnSync(process.execPath, [resolve('scripts', 'build.mjs')]);
    if (built.status !== 0) throw new Error(String(built.stderr));
    house = House.on({ name: 'SQLite', database: () => null }, 1);
    await house.ready();
    await house.order((o) => o.role === 'STOP_LOSS' && o.status === 'WORKING');
    await house.order((o) => o.status === 'DENIED');
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.on('pageerror', (error) => void complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    await page.goto(`http://127.0.0.1:${house.port}/graphiql`);
    await page.waitForSelector('.graphiql-query-editor .view-line');
  });
  afterAll(async () => {
    await browser.close();
    await house.end();
  });

  it.each([
    ['PortfolioNow', '"AMZN"'],
    ['WhyWasMyOrderDenied', '"MAX_ORDER_NOTIONAL"'],
    ['PreviewAnOrder', '"approved": true'],
    ['HaltTrading', '"tradingState": "HALTED"'],
  ])('%s answers', async (name, text) => {
    const answer = await run(
      page,
      name,
      (seen) => seen.includes(text) || seen.includes('"errors"'),
    );
    expect(answer).toContain(text);
    expect(answer).not.toContain('"errors"');
    expect(complaints).toEqual([]);
  });

  it('LiveFills tells the next fill', async () => {
    const scope = { state: 'ACTIVE', reason: 'the test goes on' };
    await house.does('setTradingState', scope, 'userErrors { code }');
    await page.click('.graphiql-tab-button:text-is("LiveFills")');
    await page.click('.graphiql-execute-button');
    let number = 0;
    const answer = await until(
      async () => {
        // The page says nothing when its subscription stands: orders go on until one is told.
        number += 1;
        const order = { strategy: 'default', instrument: 'IBM', side: 'BUY', type: 'MARKET' };
        const input = { requestId: `f${number}`, order: { ...order, quantity: `${number}` } };
        await house.does('placeOrder', input, 'userErrors { code }');
        return shown(page);
      },
      (seen) => seen.includes('"fillFeed"'),
    );
    expect(answer).toContain('"IBM"');
    expect(complaints).toEqual([]);
    const picture = process.env['TIDEGATE_TEST_PICTURE'];
    if (picture !== undefined) await page.screenshot({ path: picture });
  });
});
