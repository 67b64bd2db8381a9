/**
 * Makes `../index.html` of the files in this folder: one page that needs nothing else.
 *
 * A page that is opened as a file may not import modules, so they are bundled into it.
 * How often each preset succeeds is measured here, so that its hint is true.
 * With `--check` nothing is written; the page must already be what would be written.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { buildSync } from "esbuild";
import { measure } from "./measure.js";
import { PRESETS } from "./presets.js";

const SEEDS = 200;

const here = import.meta.dirname;
const target = `${here}/../index.html`;
const measured = Object.fromEntries(
  PRESETS.map(({ id, settings }) => [id, measure(settings, SEEDS)]),
);
const [script, style] = ["app.js", "style.css"].map((entry) => {
  const { outputFiles } = buildSync({
    entryPoints: [`${here}/${entry}`],
    bundle: true,
    charset: "utf8",
    define: { MEASURED: JSON.stringify(measured) },
    format: "iife",
    target: "es2022",
    write: false,
  });
  return outputFiles[0].text;
});
const page = readFileSync(`${here}/page.html`, "utf8")
  .replace("/* STYLE */", () => `\n${style}`)
  .replace("/* SCRIPT */", () => `\n${script}`);

if (!process.argv.includes("--check")) writeFileSync(target, page);
else if (readFileSync(target, "utf8") !== page) {
  console.error(
    "assignment/playground/index.html is not what its source makes; type: make playground",
  );
  process.exit(1);
}
