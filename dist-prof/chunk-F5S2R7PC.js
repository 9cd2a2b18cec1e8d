import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  datedParts
} from "./chunk-NWOEMZRS.js";
import {
  MkbaseError
} from "./chunk-BYUPOKH5.js";

// src/verify/freshness.ts
var units = { h: 36e5, d: 864e5, w: 6048e5 };
var leeway = 864e5;
function parseFreshness(said, now) {
  const [, count, unit = ""] = /^([1-9][0-9]{0,4})([hdw])$/.exec(said) ?? [];
  const isDate = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d))?$/.test(said);
  const time = count ? now.getTime() - Number(count) * (units[unit] ?? 0) : Date.parse(said);
  if ((count !== void 0 || isDate) && !Number.isNaN(time)) {
    return { said, since: new Date(time), now };
  }
  throw new MkbaseError({
    code: "USAGE",
    message: `--not-older-than ${JSON.stringify(said)} is neither a span of time nor a date.`,
    hint: "Say hours, days or weeks, for instance 12h, 30d or 4w, or a date: 2026-11-01."
  });
}
function judged(lock) {
  const parts = datedParts(lock);
  const own = parts.filter(({ part }) => part !== "toolchain");
  const [oldest] = (own.length > 0 ? own : parts).sort((a, b) => a.newest - b.newest);
  if (oldest === void 0) return { of: "epoch", date: lock.epoch * 1e3 };
  return { of: `newest index or release of the ${oldest.part}`, date: oldest.newest * 1e3 };
}
var shown = (time) => new Date(time).toISOString().replace(".000Z", "Z");
function checkFreshness(lock, { said, since, now }) {
  const file = "lock.json";
  const what = `the age of the inputs in ${file}`;
  const computed = `${shown(since.getTime())} or later (--not-older-than ${said})`;
  if (lock === void 0) {
    return { what, mismatches: [{ file, field: "date", claimed: "nothing", computed }] };
  }
  const { of: field, date } = judged(lock);
  const wrong = (against) => [
    { file, field, claimed: shown(date), computed: against }
  ];
  const extent = `${field}: ${shown(date)}`;
  if (date < since.getTime()) return { what, extent, mismatches: wrong(computed) };
  const last = now.getTime() + leeway;
  const mismatches = date > last ? wrong(`${shown(last)} or earlier, by this machine's clock`) : [];
  return { what, extent, mismatches };
}

export {
  parseFreshness,
  checkFreshness
};
//# sourceMappingURL=chunk-F5S2R7PC.js.map
