"use strict";
// Firefox without a window, told what to do (WebDriver BiDi): lines of JSON in, {"do": verb, …}; as many out, {"value"} or {"error"}.

const puppeteer = require("puppeteer-core");
const { createInterface } = require("node:readline");

// Every address outside leads into a proxy that is not there.
const NO_NETWORK = { "network.proxy.type": 1, "network.proxy.socks": "127.0.0.1", "network.proxy.socks_port": 9, "network.proxy.socks_remote_dns": true };

let browser, page;
const requests = [];

const verbs = {
  async start({ program }) {
    browser = await puppeteer.launch({ browser: "firefox", executablePath: program, headless: true, extraPrefsFirefox: NO_NETWORK });
    page = await browser.newPage();
    page.on("request", (request) => requests.push(request.url()));
    page.setDefaultTimeout(0);
  },
  async open({ url, width }) {
    await page.setViewport({ width, height: 900 });
    requests.length = 0;
    await page.goto(url);
  },
  value: ({ script }) => page.evaluate(script),
  async choose({ selector, files }) {
    await (await page.$(selector)).uploadFile(...files);
  },
  screenshot: ({ path }) => page.screenshot({ path, fullPage: true }).then(() => null),
  requests: () => requests,
  stop: () => browser?.close(),
};

async function answer(line) {
  const { do: verb, ...rest } = JSON.parse(line);
  try {
    return { value: (await verbs[verb](rest)) ?? null };
  } catch (error) {
    return { error: String(error?.stack ?? error) };
  }
}

(async () => {
  for await (const line of createInterface({ input: process.stdin })) console.log(JSON.stringify(await answer(line)));
  await browser?.close();
})();
