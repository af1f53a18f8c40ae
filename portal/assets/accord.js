// Everything works without this file. It starts the design system's own behaviour
// (character counts, the menu button, focus on the error summary).
import { followReader } from "./contents.js";
import { initAll } from "./govuk-frontend.min.js";
import { keepPlace } from "./reading.js";
import { offerShortcuts } from "./shortcuts.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();
followReader();
keepPlace();
offerShortcuts();
