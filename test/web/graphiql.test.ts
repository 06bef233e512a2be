// GraphiQL in a real browser: the prepared tabs, a query, a mutation, a live subscription, and not
// one request to another host.

import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { describeWithBrowser, launchBrowser } from '../support/chromium';
import { deskFill } from '../support/graphql-desk';
import { startTestServer, type TestServer } from '../support/graphql-server';

const FOLDER = resolve('dist-web/graphiql');
const TOKEN = 'correct-horse-battery-staple';

interface Visit {
  readonly page: Page;
  /** Addresses of requests and sockets to other hosts. */
  readonly foreign: string[];
  /** What the page complained about. */
  readonly complaints: string[];
}

async function visit(browser: Browser, server: TestServer): Promise<Visit> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const foreign: string[] = [];
  const complaints: string[] = [];
  const host = `127.0.0.1:${server.port}`;
  const look = (url: string): void => {
    const { host: asked, protocol } = new URL(url);
    if (!['data:', 'blob:'].includes(protocol) && asked !== host) foreign.push(url);
  };
  page.on('request', (request) => look(request.url()));
  page.on('websocket', (socket) => look(socket.url()));
  page.on('pageerror', (error) => void complaints.push(error.message));
  page.on('console', (message) => {
    // A refused token is told by the browser too.
    const isRefusal = message.text().includes('401');
    if (message.type() === 'error' && !isRefusal) complaints.push(message.text());
  });
  await page.goto(`${server.url}/`);
  await page.waitForSelector('.graphiql-query-editor .view-line');
  return { page, foreign, complaints };
}

const run = (page: Page) => page.click('.graphiql-execute-button');

const PATIENCE_MS = 8_000;

/** Looks again until it holds. @throws Error that says what was there instead */
async function until(what: () => Promise<string | true> | string | true): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const seen = await what();
    if (seen === true) return;
    if (Date.now() > end) throw new Error(`It did not come to it; there was: ${seen}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Waits until the answer holds the text; the editor writes blanks that do not break. */
function answered(page: Page, text: string): Promise<void> {
  // Looked at from here: the page's policy forbids to evaluate text in it.
  const response = page.locator('.graphiql-response');
  return until(async () => {
    const shown = ((await response.textContent()) ?? '').replaceAll('\u00a0', ' ');
    return shown.includes(text) || shown;
  });
}

/** Opens a tab, and waits until the editor shows its operation. */
async function openTab(page: Page, name: string): Promise<void> {
  await page.click(`.graphiql-tab-button:text-is("${name}")`);
  const editor = page.locator('.graphiql-query-editor');
  await until(async () => {
    const shown = ((await editor.textContent()) ?? '').replaceAll('\u00a0', ' ');
    return shown.includes(` ${name}`) || shown;
  });
}

/** Waits until so many feeds are read. */
const subscribed = (server: TestServer, count: number): Promise<void> =>
  until(() => server.desk.feed.subscribers === count || `${server.desk.feed.subscribers} feeds`);

describeWithBrowser('GraphiQL', () => {
  let browser: Browser;
  beforeAll(async () => {
    // What is shipped is tested: built here if it is not up to date.
    const built = spawnSync(process.execPath, [resolve('scripts', 'build.mjs')], {
      encoding: 'utf8',
    });
    if (built.status !== 0) throw new Error(built.stderr);
    browser = await launchBrowser();
  });
  let server: TestServer;
  afterEach(() => server.close());
  afterAll(() => browser.close());

  it('runs a query, a mutation and a live subscription from its prepared tabs', async () => {
    server = await startTestServer({ graphiqlFolder: FOLDER });
    const { page, foreign, complaints } = await visit(browser, server);
    const names = await page.locator('.graphiql-tab-button').allTextContents();
    expect(names).toEqual([
      'PortfolioNow',
      'LiveFills',
      'WhyWasMyOrderDenied',
      'PreviewAnOrder',
      'HaltTrading',
    ]);

    await run(page);
    await answered(page, '"tradingState": "ACTIVE"');

    await openTab(page, 'PreviewAnOrder');
    await run(page);
    await answered(page, '"approved": true');

    await openTab(page, 'HaltTrading');
    await run(page);
    await answered(page, '"tradingState": "HALTED"');
    expect(server.desk.calls).toEqual(['previewOrder', 'setTradingState']);

    await openTab(page, 'LiveFills');
    await run(page);
    await subscribed(server, 1);
    server.desk.feed.publish(deskFill(1));
    await answered(page, '"sequence": "1"');
    server.desk.feed.publish(deskFill(2));
    await answered(page, '"sequence": "2"');
    await run(page);
    await subscribed(server, 0);

    expect(foreign).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('asks for the token that the server wants, for queries and for feeds', async () => {
    server = await startTestServer({ graphiqlFolder: FOLDER, token: TOKEN });
    const page = await browser.newPage();
    page.on('dialog', (dialog) => void dialog.accept(TOKEN));
    await page.goto(`${server.url}/graphiql`);
    await page.waitForSelector('.graphiql-query-editor .view-line');
    await run(page);
    await answered(page, '"tradingState": "ACTIVE"');
    await openTab(page, 'LiveFills');
    await run(page);
    await subscribed(server, 1);
    server.desk.feed.publish(deskFill(1));
    await answered(page, '"sequence": "1"');
    expect(page.url()).not.toContain(TOKEN);
  });
});
