// Everything here is a convenience: the pages work without it.
import { keys } from "./keys.js";
import { reader } from "./reader.js";
import { forms } from "./forms.js";
import { times } from "./times.js";
import { drafts } from "./drafts.js";
import { take } from "./take.js";
import { utc } from "./utc.js";
import { pick } from "./pick.js";
import { why } from "./why.js";
import { presence } from "./presence.js";
import { menus } from "./menus.js";
import { remark } from "./remark.js";

keys();
reader();
forms();
times();
utc();
drafts();
take();
pick();
why();
presence();
menus();
remark();
