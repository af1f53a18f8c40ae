// Makes portal/static/build from portal/assets and node_modules: one style sheet, two scripts,
// one icon. Run by `npm run build`; takes no options and leaves nothing else behind.
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "sass";

const assets = dirname(fileURLToPath(import.meta.url));
const root = join(assets, "..", "..");
const build = join(assets, "..", "static", "build");

rmSync(build, { recursive: true, force: true });
mkdirSync(build, { recursive: true });

const { css } = compile(join(assets, "accord.scss"), {
  style: "compressed",
  loadPaths: [join(root, "node_modules")],
  quietDeps: true,
});
// The crest is for gov.uk alone, and nothing here uses it.
writeFileSync(join(build, "accord.css"), css.replaceAll(/url\("[^"]*crest[^"]*"\)/g, "none"));
for (const name of ["accord.js", "accord.svg", "contents.js", "reading.js", "shortcuts.js"]) {
  copyFileSync(join(assets, name), join(build, name));
}
const govuk = join(root, "node_modules", "govuk-frontend", "dist", "govuk");
const script = readFileSync(join(govuk, "govuk-frontend.min.js"), "utf8");
// Without its last line, which names a source map that is not served.
writeFileSync(join(build, "govuk-frontend.min.js"), script.replace(/\/\/# sourceMappingURL=.*/, ""));
