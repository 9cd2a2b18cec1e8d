import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  kindModules
} from "./chunk-IKDWQ62H.js";
import {
  parseYaml,
  recipeError
} from "./chunk-PSUK6IL3.js";
import {
  NEVER,
  _enum,
  argument,
  argv,
  array,
  besideOtherMistakes,
  environmentName,
  httpUrl,
  id,
  imagePath,
  int,
  literal,
  mode,
  reason,
  recipeName,
  recipePath,
  record,
  rootfsPackage,
  safeParse,
  sha256,
  strictObject,
  string,
  text,
  union,
  withoutColon
} from "./chunk-U563K2LX.js";
import {
  asCommand,
  asList
} from "./chunk-FAP3I5KO.js";
import {
  rootfsBuilder
} from "./chunk-NMZX4AIR.js";
import {
  builtInRecipes,
  builtInToolchains,
  findRecipe,
  findToolchain,
  isPath
} from "./chunk-GDNANFYT.js";
import {
  didYouMean,
  suggest
} from "./chunk-GIRTM4PW.js";
import {
  printed,
  quoted,
  shortened
} from "./chunk-K3BCUTJR.js";
import {
  packageRoot
} from "./chunk-IQA7OYSC.js";
import {
  isRecord
} from "./chunk-IIMGXTQ4.js";
import {
  platformNames
} from "./chunk-7K5WTWOY.js";
import {
  sha256OfBytes
} from "./chunk-5ODDAH7M.js";
import {
  MkbaseError
} from "./chunk-BYUPOKH5.js";

// src/recipe/kind.ts
var sourceOf = ({ kind, ...from }) => from[kind];
function kindIn(kinds2, { kind }) {
  const found = kinds2.find(({ name }) => name === kind);
  if (found === void 0) throw new Error(`there is no kind ${kind}`);
  return found;
}
var withSource = ({ kind }, source) => ({ kind, [kind]: source });
function valuesAt(value, path) {
  return path.split(".").reduce(
    (values, name) => values.flatMap((each) => {
      if (name === "*") return Array.isArray(each) ? each : [];
      if (typeof each !== "object" || each === null) return [];
      return Object.hasOwn(each, name) ? [each[name]] : [];
    }),
    [value]
  );
}
var pathsOf = ({ paths }, source) => Object.keys(paths).flatMap((path) => valuesAt(source, path)).filter((value) => typeof value === "string");

// src/recipe/load.ts
import { realpath as realpath3 } from "node:fs/promises";
import { dirname as dirname3 } from "node:path";

// src/recipe/diagnostics/schema-fields.ts
function coreSchema(schema) {
  const { def } = schema._zod;
  switch (def.type) {
    case "optional":
    case "default":
    case "prefault":
    case "readonly":
      return coreSchema(def.innerType);
    case "pipe":
      return coreSchema(def.in);
    default:
      return schema;
  }
}
function fieldNames(schema) {
  if (schema === void 0) return [];
  const { def } = coreSchema(schema)._zod;
  return def.type === "object" ? Object.keys(def.shape) : [];
}
function requiredNames(schema) {
  const { def } = coreSchema(schema)._zod;
  if (def.type !== "object") return [];
  return Object.keys(def.shape).filter((name) => def.shape[name]._zod.optin === void 0);
}

// src/recipe/diagnostics/expected.ts
function alternatives(words, conjunction = "or") {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} ${conjunction} ${words.at(-1)}`;
}
function expectedBy(schema) {
  const { def } = coreSchema(schema)._zod;
  switch (def.type) {
    case "string":
      return "text";
    case "number":
      return "a whole number";
    case "boolean":
      return "true or false";
    case "array":
      return "a list";
    case "literal":
      return alternatives(def.values.map((value) => JSON.stringify(value)));
    case "enum":
      return alternatives(Object.values(def.entries).map((value) => JSON.stringify(value)));
    case "union":
      return alternatives([...new Set(def.options.map(kindOf))]);
    case "object":
      return `fields (${fieldNames(schema).join(", ")})`;
    default:
      return 'fields ("name: value")';
  }
}
var kindOf = (schema) => coreSchema(schema)._zod.def.type === "object" ? "fields" : expectedBy(schema);
function foundIn(tree) {
  if (tree.fields !== void 0) return "fields";
  if (tree.items !== void 0) return "a list";
  if (tree.value === null) return "nothing";
  if (typeof tree.value === "string") return `the text ${quoted(tree.value)}`;
  const written = shortened(tree.plain ?? String(tree.value));
  return typeof tree.value === "number" ? `the number ${written}` : written;
}
var booleanWords = {
  yes: "true",
  Yes: "true",
  on: "true",
  true: "true",
  no: "false",
  No: "false",
  off: "false",
  false: "false"
};
function elementOf(schema) {
  const { def } = coreSchema(schema)._zod;
  return def.type === "array" ? coreSchema(def.element) : void 0;
}
var isText = (schema) => schema !== void 0 && ["string", "enum"].includes(schema._zod.def.type);
function listed(schema, text2) {
  const element = elementOf(schema);
  if (element === void 0) return void 0;
  if (isText(element)) return element === argument ? asCommand(text2) : asList(text2);
  return isText(elementOf(element)) ? `[${asCommand(text2)}]` : void 0;
}
function rewriting(schema, tree) {
  const { type } = coreSchema(schema)._zod.def;
  const { value, plain } = tree;
  if (type === "string" && plain !== void 0) return `put it in quotes: ${quoted(plain)}`;
  const line2 = typeof value === "string" ? value : plain;
  const list = line2 === void 0 ? void 0 : listed(schema, line2);
  if (list !== void 0) return `write it as a list: ${list}`;
  if (typeof value !== "string") return void 0;
  if (type === "number" && /^[0-9]{1,15}$/.test(value)) return `write it without quotes: ${value}`;
  const word = type === "boolean" || type === "literal" ? booleanWords[value] : void 0;
  return word === void 0 ? void 0 : `write ${word}, without quotes`;
}

// src/recipe/diagnostics/union-option.ts
function takes(schema, tree) {
  const { def } = coreSchema(schema)._zod;
  if (tree.fields !== void 0) return def.type === "object" || def.type === "record";
  if (tree.items !== void 0) return def.type === "array";
  return def.type === typeof tree.value;
}
function candidatesAmong(options, tree) {
  const fitting = options.flatMap(
    (option, index) => takes(option, tree) ? [{ option, index, required: requiredNames(option) }] : []
  );
  return fitting.map(({ option, index, required }) => ({
    index,
    option,
    marks: required.filter(
      (name) => fitting.every((other) => other.index === index || !fieldNames(other.option).includes(name))
    )
  }));
}
var firstMarks = (candidates) => candidates.flatMap(({ marks }) => marks.slice(0, 1));
function tooMany(candidates, fields) {
  const given = candidates.flatMap(({ marks }) => marks.filter((name) => fields.has(name)));
  const names = alternatives(given.map(quoted), "and");
  const last = fields.get(given.at(-1));
  return {
    message: `expected only one of ${names}`,
    hint: "keep one and remove the rest",
    ...last === void 0 ? {} : { field: last }
  };
}
function fromTheRest(candidates, fields) {
  const names = firstMarks(candidates);
  for (const [name, field] of fields) {
    if (candidates.some(({ option }) => fieldNames(option).includes(name))) continue;
    const hint = `expected one of ${names.join(", ")}${didYouMean(name, names)}`;
    return { message: `unknown field ${quoted(name)}`, hint, field };
  }
  const known = candidates.map(
    ({ option }) => fieldNames(option).filter((name) => fields.has(name)).length
  );
  const best = candidates.filter((_, index) => known[index] === Math.max(...known));
  if (best.length === 1) return best[0];
  return { message: `expected one of ${alternatives(names.map(quoted))}` };
}
function chooseOption(schema, tree) {
  const { def } = coreSchema(schema)._zod;
  if (def.type !== "union") return void 0;
  const candidates = candidatesAmong(def.options, tree);
  if (candidates.length < 2 || tree.fields === void 0) return candidates[0];
  const { fields } = tree;
  const marked = candidates.filter(({ marks }) => marks.some((name) => fields.has(name)));
  if (marked.length === 1) return marked[0];
  return marked.length === 0 ? fromTheRest(candidates, fields) : tooMany(marked, fields);
}

// src/recipe/diagnostics/place.ts
function child({ tree }, name) {
  const field = tree.fields?.get(String(name));
  if (field !== void 0) return { tree: field.tree, field };
  const item = typeof name === "number" ? tree.items?.[name] : void 0;
  return item === void 0 ? void 0 : { tree: item };
}
var placeAt = (start, path) => path.reduce((place, name) => place && child(place, name), start);
function isBroken(start, path) {
  let place = start;
  for (const name of path) {
    if (place?.tree.broken) return true;
    place = place && child(place, name);
  }
  return place?.tree.broken === true;
}
function valueSpan({ tree, field }, text2) {
  const nested = tree.fields !== void 0 || tree.items !== void 0;
  const below = field !== void 0 && text2.slice(field.key.end, tree.span.start).includes("\n");
  return nested && below ? field.key : tree.span;
}
function holderSpan({ tree, field }) {
  if (field !== void 0) return field.key;
  return { start: tree.span.start, end: tree.span.start + 1 };
}
function settled(schema, place) {
  if (schema === void 0 || place === void 0) return schema;
  if (coreSchema(schema)._zod.def.type !== "union") return schema;
  const choice = chooseOption(schema, place.tree);
  return choice !== void 0 && "option" in choice ? choice.option : void 0;
}
function stepInto(schema, name) {
  if (schema === void 0) return void 0;
  const { def } = coreSchema(schema)._zod;
  if (def.type === "object") return def.shape[String(name)];
  if (def.type === "array") return def.element;
  return def.type === "record" ? def.valueType : void 0;
}
function schemaAt(schema, start, path) {
  return path.reduce((current, name, index) => {
    const place = placeAt(start, path.slice(0, index));
    return stepInto(settled(current, place), name);
  }, schema);
}

// src/recipe/diagnostics/explain.ts
var notGiven = (known, { tree }) => known.filter((name) => !tree.fields?.has(name));
var isBelowFrom = ({ key }, { from }) => from !== void 0 && from.start <= key.start && key.end <= from.end;
function unknownFields(issue, scope) {
  const place = placeAt(scope.place, issue.path);
  if (place === void 0) return [];
  const schema = schemaAt(scope.schema, scope.place, issue.path);
  const choice = schema && chooseOption(schema, place.tree);
  if (choice !== void 0 && "message" in choice) return [undecided(choice, place)];
  const known = fieldNames(settled(schema, place));
  const free = notGiven(known, place);
  return issue.keys.flatMap((name) => {
    const field = place.tree.fields?.get(name);
    if (field === void 0) return [];
    const outside = scope.top.includes(name) && isBelowFrom(field, scope);
    const hint = outside ? `put it at the top level of the file, beside "from"` : `expected one of ${known.join(", ")}${didYouMean(name, free)}`;
    return [{ span: field.key, message: `unknown field ${quoted(name)}`, hint }];
  });
}
function missingField(path, scope) {
  const holder = placeAt(scope.place, path.slice(0, -1));
  if (holder === void 0) return [];
  const name = String(path.at(-1));
  const holderSchema = schemaAt(scope.schema, scope.place, path.slice(0, -1));
  const known = fieldNames(settled(holderSchema, holder));
  const free = notGiven(known, holder);
  const misspelled = [...holder.tree.fields?.keys() ?? []].some(
    (given) => !known.includes(given) && suggest(given, free) === name
  );
  if (misspelled) return [];
  const schema = schemaAt(scope.schema, scope.place, path);
  const hint = schema === void 0 ? void 0 : describe(schema);
  return [mistake(holderSpan(holder), `missing field ${quoted(name)}`, hint)];
}
function describe(schema) {
  const { description } = schema;
  if (description === void 0) return `expected ${expectedBy(schema)}`;
  const clause = description.replace(/\.$/, "");
  const lowered = clause.replace(/^(?:[A-Z](?=[a-z])|A(?= ))/, (first) => first.toLowerCase());
  return `expected ${expectedBy(schema)}: ${lowered}`;
}
var undecided = ({ field, message, hint }, place) => mistake(field?.key ?? holderSpan(place), message, hint);
var mistake = (span, message, hint) => hint === void 0 ? { span, message } : { span, message, hint };
function wrongType(place, schema, text2) {
  const span = valueSpan(place, text2);
  if (schema === void 0) return [{ span, message: `unexpected: ${foundIn(place.tree)}` }];
  const message = `expected ${expectedBy(schema)}, found ${foundIn(place.tree)}`;
  const empty = place.tree.value === null && place.tree.plain === void 0;
  const hint = empty ? "give it a value, or remove it" : rewriting(schema, place.tree);
  return [mistake(span, message, hint)];
}
function wrongWord(issue, place, scope) {
  const words = issue.values.map(String);
  const { value } = place.tree;
  const expected = alternatives(issue.values.map((word) => JSON.stringify(word)));
  const meant = typeof value === "string" ? suggest(value, words) : void 0;
  const message = `expected ${expected}, found ${foundIn(place.tree)}`;
  const schema = schemaAt(scope.schema, scope.place, issue.path);
  const rewritten = schema === void 0 ? void 0 : rewriting(schema, place.tree);
  const hint = meant === void 0 ? rewritten : `did you mean ${quoted(meant)}?`;
  return [mistake(valueSpan(place, scope.text), message, hint)];
}
function wrongName(issue, place) {
  if (place.field === void 0) return [];
  const message = issue.issues[0]?.message ?? "this name is not accepted";
  return [{ span: place.field.key, message }];
}
function wrongUnion(issue, place, scope) {
  const schema = schemaAt(scope.schema, scope.place, issue.path);
  if (schema === void 0) return [];
  const chosen = chooseOption(schema, place.tree);
  if (chosen === void 0) return wrongType(place, schema, scope.text);
  if ("message" in chosen) return [undecided(chosen, place)];
  const inner = { ...scope, schema: chosen.option, place };
  return (issue.errors[chosen.index] ?? []).flatMap((each) => explainIssue(each, inner));
}
function explainIssue(issue, scope) {
  if (isBroken(scope.place, issue.path)) return [];
  if (issue.code === "unrecognized_keys") return unknownFields(issue, scope);
  const place = placeAt(scope.place, issue.path);
  if (place === void 0) return missingField(issue.path, scope);
  switch (issue.code) {
    case "invalid_type":
      return wrongType(place, schemaAt(scope.schema, scope.place, issue.path), scope.text);
    case "invalid_value":
      return wrongWord(issue, place, scope);
    case "invalid_key":
      return wrongName(issue, place);
    case "invalid_union":
      return wrongUnion(issue, place, scope);
    case "custom":
      return [mistake(valueSpan(place, scope.text), issue.message, issue.params?.hint)];
    default:
      return [{ span: valueSpan(place, scope.text), message: issue.message }];
  }
}
function withoutRepeats(mistakes) {
  const seen = /* @__PURE__ */ new Set();
  return mistakes.filter(({ span, message }) => {
    const missing = message.startsWith("missing field ");
    const key = `${span.start}-${span.end}:${missing ? message : ""}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
function explain(issues, schema, tree, text2) {
  const from = tree.fields?.get("from")?.tree.span;
  const scope = { top: fieldNames(schema), from, schema, place: { tree }, text: text2 };
  return withoutRepeats(issues.flatMap((issue) => explainIssue(issue, scope)));
}

// src/recipe/check.ts
function check(schema, tree, text2) {
  const result = safeParse(schema, tree.value, { error: issueMessage });
  if (result.success) return { fields: result.data, mistakes: [] };
  return { fields: void 0, mistakes: explain(result.error.issues, schema, tree, text2) };
}
function issueMessage(issue) {
  if (issue.code === "too_small") return bound("at least", issue.minimum, issue.origin);
  if (issue.code === "too_big") return bound("at most", issue.maximum, issue.origin);
  return void 0;
}
var units = {
  string: ["character", "characters"],
  array: ["entry", "entries"]
};
function bound(word, limit, origin) {
  const unit = units[origin];
  if (unit === void 0) return `expected a number of ${word} ${limit}`;
  return `expected ${word} ${limit} ${unit[limit === 1 ? 0 : 1]}`;
}
function step(tree, name) {
  if (name === "*") return tree.items ?? [];
  const field = tree.fields?.get(name);
  return field === void 0 ? [] : [field.tree];
}
var treesAt = (tree, path) => path.split(".").reduce((trees, name) => trees.flatMap((each) => step(each, name)), [tree]);

// src/recipe/check-additions.ts
function takenAmong(all, own, number) {
  const inherited = all.length - own.length;
  return own.flatMap((tree, at2) => {
    const { name, id: id2 } = all[inherited + at2];
    const before = all.slice(0, inherited + at2);
    const holder = before.findIndex((other) => other.name === name || other.id === id2);
    if (holder === -1) return [];
    const taken = before[holder];
    const field = taken.name === name ? "name" : number;
    const where = holder < inherited ? ", in a recipe that this one adds to" : "";
    return [
      {
        span: (tree.fields?.get(field)?.tree ?? tree).span,
        message: `the ${field} ${field === "name" ? quoted(name) : id2} is taken`,
        hint: `${taken.name} has the ${number} ${taken.id} already${where}`
      }
    ];
  });
}
var checkAccounts = ({ users, groups }, tree) => [
  ...takenAmong(
    users.map(({ name, uid }) => ({ name, id: uid })),
    treesAt(tree, "accounts.users.*"),
    "uid"
  ),
  ...takenAmong(
    groups.map(({ name, gid }) => ({ name, id: gid })),
    treesAt(tree, "accounts.groups.*"),
    "gid"
  )
];
function checkPackages({ from, packages: packages2 }, tree, kinds2) {
  const added = kindIn(kinds2, from).packages;
  const problem = packages2.length > 0 ? added.problem?.(sourceOf(from)) : void 0;
  const own = tree.fields?.get("packages");
  if (problem !== void 0 && own !== void 0) return [{ span: own.key, ...problem }];
  return treesAt(tree, "packages.*").flatMap(({ span, value }) => {
    const checked = added.form?.safeParse(value);
    return checked?.error === void 0 ? [] : [{ span, message: checked.error.issues[0].message }];
  });
}
function withPackages(from, packages2, kinds2) {
  const { join: join3 } = kindIn(kinds2, from).packages;
  return join3 === void 0 ? from : withSource(from, join3(sourceOf(from), packages2));
}

// src/recipe/check-files.ts
import { readdir, realpath, stat } from "node:fs/promises";
import { basename, dirname, extname, join, sep } from "node:path";
var references = [
  ["files.*.source", "file"]
];
var referencesOf = (kinds2) => [
  ...kinds2.flatMap(
    ({ name, paths }) => Object.entries(paths).map(([path, wanted]) => [`from.${name}.${path}`, wanted])
  ),
  ...references
];
var sourceEndings = [".c", ".cc", ".cpp", ".cxx", ".s", ".S"];
async function absence(folder, path) {
  const siblings = await readdir(dirname(join(folder, path))).catch(() => []);
  const meant = suggest(basename(path), siblings);
  return {
    message: `there is no file ${quoted(path)} beside the recipe`,
    hint: meant === void 0 ? "paths start from the folder of the recipe" : `did you mean ${quoted(join(dirname(path), meant))}?`
  };
}
async function locationProblem(folder, path, wanted) {
  try {
    const [root, target] = await Promise.all([realpath(folder), realpath(join(folder, path))]);
    if (!target.startsWith(root === sep ? sep : root + sep)) {
      return {
        message: `${quoted(path)} is a symbolic link that leaves the recipe's folder`,
        hint: "copy the file into the folder"
      };
    }
    if (wanted !== "file" && target !== join(root, path)) {
      return {
        message: `${quoted(path)} is a symbolic link`,
        hint: "put the file itself there: a builder is sent plain files and folders"
      };
    }
    const stats = await stat(target);
    if (stats.isFile() || wanted === "any" && stats.isDirectory()) return void 0;
    const found = stats.isDirectory() ? "a folder" : "a device, pipe or socket";
    return { message: `expected a file, found ${found}: ${quoted(path)}` };
  } catch (error) {
    const { code = "unknown error" } = error;
    if (code === "ENOENT" || code === "ENOTDIR") return absence(folder, path);
    return { message: `cannot read ${quoted(path)} (${code})` };
  }
}
async function problemOf(folder, path, wanted) {
  if (wanted === "source" && !sourceEndings.includes(extname(path))) {
    return {
      message: `expected a C, C++ or assembler file, found ${quoted(path)}`,
      hint: `its name has to end in ${sourceEndings.join(", ")}; headers belong under "include"`
    };
  }
  return locationProblem(folder, path, wanted);
}
async function checkFiles(tree, folder, kinds2) {
  const checks = referencesOf(kinds2).flatMap(
    ([path, wanted]) => treesAt(tree, path).map(async ({ span, value }) => {
      const valid = recipePath.safeParse(value);
      const problem = valid.success ? await problemOf(folder, valid.data, wanted) : void 0;
      return problem === void 0 ? [] : [{ span, ...problem }];
    })
  );
  return (await Promise.all(checks)).flat();
}

// src/recipe/check-references.ts
import { readdir as readdir2, realpath as realpath2 } from "node:fs/promises";
import { basename as basename2, dirname as dirname2, join as join2, resolve } from "node:path";

// src/recipe/release.ts
function splitRelease(word) {
  const colon = word.indexOf(":");
  if (colon < 0 || isPath(word)) return { name: word };
  return { name: word.slice(0, colon), release: word.slice(colon + 1) };
}
var usage = (message, hint) => new MkbaseError({ code: "USAGE", message, hint });
function choose(recipe, release, kinds2) {
  const { name, from } = recipe;
  const choice = kindIn(kinds2, from).release?.(sourceOf(from));
  if (choice === void 0) {
    throw usage(
      `The recipe ${name} has no releases to choose ${quoted(release)} from.`,
      `Leave ":${release}" out; a tag is given with --tag.`
    );
  }
  const checked = choice.form.safeParse(release);
  if (!checked.success) {
    throw usage(
      `There can be no release ${quoted(release)} of ${name}: ${checked.error.issues[0]?.message}.`,
      `Name one as in ${name}:${choice.current}, or leave it out.`
    );
  }
  if (choice.pinned !== void 0 && release !== choice.current) {
    throw usage(
      `The recipe ${name} pins the archive of ${choice.current} by its ${choice.pinned}.`,
      "Leave the release out, or copy the recipe and pin the other one."
    );
  }
  return withSource(from, choice.with(release));
}
var withRelease = (recipe, release, kinds2) => ({ ...recipe, from: choose(recipe, release, kinds2), release });

// src/recipe/schema/overlays.ts
var ownership = {
  owner: id.default(0).describe("uid of the owner."),
  group: id.default(0).describe("gid of the group.")
};
var at = {
  path: imagePath.refine((path) => path !== "/", 'expected the path of a file, not "/"').describe("Where it goes in the image.")
};
var inlineFile = strictObject({
  ...at,
  content: string().describe("The contents, inline."),
  mode: mode.default("0644"),
  ...ownership
});
var sourceFile = strictObject({
  ...at,
  source: recipePath.describe("A file beside the recipe."),
  mode: mode.default("0644"),
  ...ownership
});
var downloadedFile = strictObject({
  ...at,
  url: httpUrl.describe("Where the file is fetched from."),
  sha256: sha256.describe("What its bytes must hash to."),
  mode: mode.default("0644"),
  ...ownership
});
var concatenation = strictObject({
  ...at,
  concatenate: imagePath.describe(
    "Files of the rootfs, as a path with * in its last part, joined in byte order of their names."
  ),
  mode: mode.default("0644"),
  ...ownership
});
var symlink = strictObject({
  ...at,
  symlink: text.min(1).describe("Target of the symbolic link.")
});
var directory = strictObject({
  path: imagePath.describe("Where it goes in the image."),
  directory: literal(true),
  mode: mode.default("0755"),
  ...ownership
});
var files = array(union([inlineFile, sourceFile, downloadedFile, concatenation, symlink, directory])).default([]).describe("Files, folders and links added to the rootfs.");
var group = strictObject({
  name: recipeName.describe("Name of the group."),
  gid: id.describe("Its number."),
  members: array(recipeName).default([]).describe("Users that belong to it besides.")
});
var user = strictObject({
  name: recipeName.describe("Name of the user."),
  uid: id.describe("Its number."),
  gid: id.optional().describe("Primary group; the uid when left out."),
  comment: text.refine(withoutColon, 'expected no ":"').default("").describe("Full name or purpose (GECOS)."),
  home: imagePath.refine(withoutColon, 'expected no ":"').default("/nonexistent").describe("Home folder."),
  shell: imagePath.refine(withoutColon, 'expected no ":"').default("/usr/sbin/nologin").describe("Login shell.")
});
var accounts = strictObject({
  users: array(user).default([]).describe("Lines of /etc/passwd."),
  groups: array(group).default([]).describe("Lines of /etc/group.")
}).default({ users: [], groups: [] }).describe("Users and groups added to /etc/passwd and /etc/group.");
var packages = array(rootfsPackage).default([]).describe(
  "Packages of the distribution added to the rootfs, with all that they depend on; locked, and installed without network."
);
var run = array(argv.min(1)).default([]).describe(
  "Commands run inside the rootfs by a builder without network, each an argv; no shell is involved."
);
var slimRule = strictObject({
  drop: imagePath.describe("Path to leave out; * stands for any part of a name, ** for any path."),
  keep: array(imagePath).default([]).describe("Exceptions, in the same form."),
  reason
});
var slim = array(slimRule).default([]).describe("What is left out, with the reason.");

// src/recipe/schema/schema.ts
var port = string().regex(/^[1-9][0-9]{0,4}(?:\/(?:tcp|udp|sctp))?$/, 'expected a port, for instance "8080/tcp"').refine((value) => Number.parseInt(value, 10) <= 65535, "expected a port of at most 65535");
var duration = string().regex(/^[1-9][0-9]{0,5}(?:ms|s|m|h)$/, "expected a duration, for instance 30s");
var labelName = text.regex(
  /^[A-Za-z0-9][A-Za-z0-9._/-]*$/,
  'expected a label name of letters, digits, ".", "_", "/" and "-", for instance org.example.team'
);
var healthcheck = strictObject({
  test: argv.min(1).describe("Command; exit code 0 means healthy."),
  interval: duration.optional().describe("Time between two checks."),
  timeout: duration.optional().describe("How long one check may take."),
  startPeriod: duration.optional().describe("Time at the start in which failures do not count."),
  retries: int().min(1).optional().describe("Failures in a row that make it unhealthy.")
});
var imageSettings = strictObject({
  entrypoint: argv.optional().describe("ENTRYPOINT, exec form."),
  cmd: argv.optional().describe("CMD, exec form."),
  env: record(environmentName, text).default({}).describe("ENV."),
  workdir: imagePath.optional().describe("WORKDIR."),
  user: text.regex(
    /^[A-Za-z0-9_][A-Za-z0-9_.-]*(?::[A-Za-z0-9_][A-Za-z0-9_.-]*)?$/,
    "expected user or user:group"
  ).optional().describe("USER."),
  expose: array(port).default([]).describe("EXPOSE."),
  volumes: array(imagePath).default([]).describe("VOLUME."),
  labels: record(labelName, text).default({}).describe("LABEL."),
  stopsignal: string().regex(/^(?:SIG[A-Z0-9+-]+|[0-9]{1,2})$/, "expected a signal, for instance SIGTERM").optional().describe("STOPSIGNAL."),
  healthcheck: healthcheck.optional().describe("HEALTHCHECK.")
}).describe("Image config in Dockerfile words.");
var smokeTest = strictObject({
  run: argv.describe("Arguments in place of cmd; [] runs the image's own command."),
  entrypoint: argv.optional().describe("Replaces the entrypoint for this run."),
  env: record(environmentName, argument).default({}).describe("Further environment."),
  stdin: string().optional().describe("What the program reads."),
  exit: int().min(0).max(255).default(0).describe("Expected exit code."),
  stdout: string().optional().describe("Text that standard output must contain."),
  stderr: string().optional().describe("Text that standard error must contain."),
  timeout: duration.default("30s").describe("How long the run may take.")
}).describe("A run of the image that must succeed before anything is tagged.");
var parentName = text.regex(
  /^(?![-/~])[^/]+(?:\/[^/]+)*\/?$/,
  "expected the name of a recipe that ships with mkbase, or a path from the folder of this one"
);
var identity = {
  name: recipeName.describe("Name; the image is tagged mkbase/<name>."),
  description: text.optional().describe("One line for `mkbase list`."),
  epoch: int().min(0).max(4294967295).optional().describe(
    "Seconds since 1970 for every time in the image; else the date of the signed index or release."
  )
};
var besideAnyMistake = {
  when: ({ value }) => isRecord(value)
};
var fromSchema = (kinds2) => strictObject(Object.fromEntries(kinds2.map(({ name, schema }) => [name, schema.optional()]))).superRefine((value, context) => {
  if (Object.values(value).filter((kind) => kind !== void 0).length === 1) return;
  const message = `expected exactly one of ${kinds2.map(({ name }) => name).join(", ")}`;
  context.addIssue({ code: "custom", message });
}, besideOtherMistakes).transform((value) => {
  const kind = kinds2.find(({ name }) => value[name] !== void 0)?.name;
  return kind === void 0 ? NEVER : { kind, [kind]: value[kind] };
}).meta({ minProperties: 1, maxProperties: 1 }).describe("What the root filesystem is made from.");
var recipeSchema = (kinds2) => strictObject({
  ...identity,
  from: fromSchema(kinds2).optional().describe("What the root filesystem is made from; `extends` may stand in its place."),
  extends: parentName.optional().describe(
    "In place of `from`: the recipe that this one adds to, by its name, with a release if wanted, or by its path."
  ),
  packages,
  files,
  accounts,
  run,
  slim,
  platforms: array(_enum(platformNames)).min(1).optional().describe("Platforms that the recipe works on; all when left out."),
  image: imageSettings.prefault({}),
  test: array(smokeTest).default([]).describe("Runs of the finished image that must succeed before it is tagged.")
}).superRefine((value, context) => {
  const given = ["from", "extends"].filter((field) => field in value);
  if (given.length === 1) return;
  const params = { hint: "keep one and remove the other" };
  const message = 'expected only one of "from" and "extends"';
  context.addIssue({ code: "custom", message, params, path: [given[1] ?? "from"] });
}, besideAnyMistake).superRefine(({ from, epoch }, context) => {
  if (epoch !== void 0 || from?.kind === void 0) return;
  const problem = kindIn(kinds2, from).epochProblem?.(sourceOf(from));
  if (problem === void 0) return;
  const message = `expected "epoch" beside "from": ${problem}`;
  context.addIssue({ code: "custom", message, path: ["from"] });
}).meta({ oneOf: [{ required: ["from"] }, { required: ["extends"] }] }).describe("An mkbase recipe.");
var toolchainSettings = strictObject({
  libc: _enum(["glibc", "musl", "none"]).describe("C library that programs are linked with."),
  cc: argv.min(1).describe("Command that compiles and links C."),
  cxx: argv.min(1).describe("Command that compiles and links C++."),
  strip: argv.min(1).describe("Command that strips a program in place."),
  linkFlags: argv.default([]).describe("Flags for every link."),
  env: record(environmentName, argument).default({}).describe("Environment of every build.")
}).describe("How its compiler is called.");
var toolchainSchema = (kinds2) => strictObject({
  ...identity,
  from: fromSchema(kinds2).refine(
    (from) => from.kind === void 0 || kindIn(kinds2, from).makesToolchains,
    `expected ${kinds2.flatMap((kind) => kind.makesToolchains ? JSON.stringify(kind.name) : []).join(" or ")}: a toolchain is unpacked packages, it cannot need another one`
  ),
  files,
  accounts,
  slim,
  toolchain: toolchainSettings.optional().describe("How its compiler is called; left out for a builder that has none.")
}).describe("An mkbase toolchain.");

// src/recipe/check-references.ts
async function nearPath(path, folder) {
  const name = basename2(path);
  const siblings = await readdir2(dirname2(resolve(folder, path))).catch(() => []);
  const meant = suggest(
    name,
    siblings.filter((sibling) => sibling !== name)
  );
  return meant === void 0 ? void 0 : `./${join2(dirname2(path), meant)}`.replace("./..", "..");
}
function mistakeOf({ message, hint }, span) {
  const clause = message.replace(/^[A-Z]/, (first) => first.toLowerCase()).replace(/\.$/, "");
  return hint === void 0 ? { span, message: clause } : { span, message: clause, hint };
}
async function absence2(word, span, folder, error) {
  const mistake2 = mistakeOf(error, span);
  const { name } = splitRelease(word);
  const meant = isPath(name) ? await nearPath(name, folder) : void 0;
  return meant === void 0 ? mistake2 : { ...mistake2, hint: `did you mean ${quoted(meant)}?` };
}
async function mistakesOf(word, span, folder, { root, inside }) {
  try {
    const { file } = await findRecipe(splitRelease(word).name, folder, root);
    if (inside.includes(await realpath2(file))) {
      const message = `${quoted(word)} leads back to this recipe: each would add to the other`;
      return [{ span, message, hint: "name a recipe that does not extend this one" }];
    }
    if (/\.ya?ml$/.test(file)) return [];
    return [{ span, message: `expected a YAML file, found ${quoted(word)}` }];
  } catch (error) {
    if (!(error instanceof MkbaseError) || error.code !== "RECIPE_NOT_FOUND") throw error;
    return [await absence2(word, span, folder, error)];
  }
}
async function checkBase(tree, folder, search) {
  const [at2] = treesAt(tree, "extends");
  const word = parentName.safeParse(at2?.value);
  if (at2 === void 0 || !word.success) return [];
  return mistakesOf(word.data, at2.span, folder, search);
}
async function unknownToolchain(name, root) {
  const names = (await builtInToolchains(root)).map((toolchain) => toolchain.name);
  const message = `there is no toolchain ${quoted(name)}`;
  const own = `toolchains/${name}.yaml beside the recipe`;
  return {
    message,
    hint: `expected one of ${names.join(", ")}, or ${own}${didYouMean(name, names)}`
  };
}
async function checkToolchain(tree, folder, root, kinds2) {
  const [toolchain] = kinds2.flatMap(
    ({ name: name2, toolchainField }) => toolchainField === void 0 ? [] : treesAt(tree, `from.${name2}.${toolchainField}`)
  );
  const name = recipeName.safeParse(toolchain?.value);
  if (toolchain === void 0 || !name.success) return [];
  if (await findToolchain(name.data, folder, root) !== void 0) return [];
  return [{ span: toolchain.span, ...await unknownToolchain(name.data, root) }];
}
function checkName(tree, name) {
  const [stated] = treesAt(tree, "name");
  if (stated === void 0 || stated.value === name) return [];
  const message = `expected the name of the file, ${quoted(name)}`;
  return typeof stated.value === "string" ? [{ span: stated.span, message }] : [];
}
var checkNoDownloads = (tree) => treesAt(tree, "files.*.url").map(({ span }) => ({
  span,
  message: "a toolchain's files are not fetched",
  hint: 'put the file beside the toolchain and name it with "source"'
}));

// src/recipe/extend.ts
function extendImage(base, own) {
  const { cmd: _, ...withoutCmd } = base;
  const inherited = own.entrypoint !== void 0 ? withoutCmd : base;
  const given = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== void 0));
  return {
    ...inherited,
    ...given,
    env: { ...base.env, ...own.env },
    labels: { ...base.labels, ...own.labels },
    expose: [.../* @__PURE__ */ new Set([...base.expose, ...own.expose])],
    volumes: [.../* @__PURE__ */ new Set([...base.volumes, ...own.volumes])]
  };
}
function extendFiles({ files: files2, origin }, own) {
  const replaced = new Set(own.map(({ path }) => path));
  const kept = files2.filter(({ path }) => !replaced.has(path));
  return [...kept.map((file) => ({ ...file, beside: file.beside ?? origin })), ...own];
}
function inheritedFrom({ from, name }, kinds2) {
  const kind = kindIn(kinds2, from);
  return kind.inherited ? withSource(from, kind.inherited(sourceOf(from), name)) : from;
}
function extendRecipe(base, own, kinds2) {
  const { extends: _, from: __, epoch = base.epoch, platforms = base.platforms, ...rest } = own;
  return {
    ...rest,
    ...epoch !== void 0 && { epoch },
    ...platforms !== void 0 && { platforms },
    from: inheritedFrom(base, kinds2),
    fromOrigin: base.fromOrigin,
    packages: [.../* @__PURE__ */ new Set([...base.packages, ...own.packages])],
    files: extendFiles(base, own.files),
    accounts: {
      users: [...base.accounts.users, ...own.accounts.users],
      groups: [...base.accounts.groups, ...own.accounts.groups]
    },
    slim: [...base.slim, ...own.slim],
    run: [...base.run, ...own.run],
    image: extendImage(base.image, own.image)
  };
}

// src/recipe/read.ts
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { relative } from "node:path";
var largest = 1048576;
function shownPath(file, cwd) {
  const path = relative(cwd, file);
  return path === "" || path.startsWith("..") ? file : path;
}
function unreadable(shownAs, problem, hint, cause) {
  const message = `Cannot read ${printed(shownAs)}: ${problem}.`;
  return new MkbaseError({ code: "IO", message, hint, cause });
}
async function readBytes(handle, shownAs) {
  const stats = await handle.stat();
  if (!stats.isFile()) {
    throw unreadable(shownAs, "it is not a regular file", "Name a YAML file, or its folder.");
  }
  const buffer = Buffer.alloc(Math.min(stats.size, largest) + 1);
  let length = 0;
  for (; ; ) {
    const { bytesRead } = await handle.read(buffer, length, buffer.length - length);
    length += bytesRead;
    if (length > largest) {
      const problem = `it is larger than ${largest} bytes`;
      throw unreadable(shownAs, problem, "Put large contents into files beside the recipe.");
    }
    if (bytesRead === 0 || length === buffer.length) return buffer.subarray(0, length);
  }
}
function decode(bytes, file, shownAs, sha2562) {
  const text2 = bytes.toString("utf8");
  const source = { file, shownAs, text: text2.replace(/^\ufeff/, ""), sha256: sha2562 };
  const again = Buffer.from(text2, "utf8");
  if (again.equals(bytes)) return source;
  const differs = bytes.findIndex((byte, index) => byte !== again[index]);
  const bad = differs === -1 ? bytes.length - 1 : differs;
  const start = bytes.subarray(0, bad).toString("utf8").length;
  const found = bytes[bad].toString(16).padStart(2, "0");
  const message = `the byte 0x${found} is not UTF-8 text`;
  const mistake2 = { span: { start, end: start + 1 }, message, hint: "save the file as UTF-8" };
  throw recipeError({ ...source, text: text2 }, [mistake2]);
}
var reasons = {
  EACCES: ["permission denied", "Give yourself read permission on the file and its folders."],
  EPERM: ["permission denied", "Give yourself read permission on the file and its folders."],
  ELOOP: ["its symbolic links form a loop", "Point the link at the file itself."]
};
async function readSource(file, cwd) {
  const shownAs = shownPath(file, cwd);
  let handle;
  try {
    handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    const bytes = await readBytes(handle, shownAs);
    return decode(bytes, file, shownAs, sha256OfBytes(bytes));
  } catch (error) {
    if (error instanceof MkbaseError) throw error;
    const { code = "", message } = error;
    const [problem, hint] = reasons[code] ?? [message, "Check the file and the disk it is on."];
    throw unreadable(shownAs, problem, hint, error);
  } finally {
    await handle?.close();
  }
}

// src/recipe/load.ts
async function checkAll(source, schema, further) {
  const { tree, mistakes } = parseYaml(source);
  const { fields, mistakes: wrongFields } = check(schema, tree, source.text);
  const all = [...mistakes, ...wrongFields, ...await further(tree)];
  if (fields === void 0 || all.length > 0) throw recipeError(source, all);
  return { fields, tree };
}
var originOf = ({ file, builtIn }, { sha256: sha2562 }) => ({
  file,
  folder: dirname3(file),
  builtIn,
  sha256: sha2562
});
async function readRecipe(found, search) {
  const { cwd, root, kinds: kinds2, inside } = search;
  const source = await readSource(found.file, cwd);
  const folder = dirname3(found.file);
  const within = { ...search, inside: [...inside, await realpath3(found.file)] };
  const { fields, tree } = await checkAll(source, recipeSchema(kinds2), async (tree2) => [
    ...await checkFiles(tree2, folder, kinds2),
    ...await checkToolchain(tree2, folder, root, kinds2),
    ...await checkBase(tree2, folder, within)
  ]);
  const checked = { source, tree, fields, origin: originOf(found, source) };
  const base = await readBase(checked, within);
  const recipe = withBase(checked, base, kinds2);
  const mistakes = [...checkPackages(recipe, tree, kinds2), ...checkAccounts(recipe.accounts, tree)];
  if (mistakes.length > 0) throw recipeError(source, mistakes);
  return { ...recipe, from: withPackages(recipe.from, recipe.packages, kinds2) };
}
function withBase({ fields, origin }, base, kinds2) {
  if (base !== void 0) {
    const ancestors = [base.origin, ...base.ancestors];
    return { ...extendRecipe(base, fields, kinds2), origin, ancestors };
  }
  const { extends: _, from, ...rest } = fields;
  if (from === void 0) throw new Error(`${origin.file} passed without "from"`);
  return { ...rest, from, origin, fromOrigin: origin, ancestors: [] };
}
async function readBase({ fields, source, tree, origin }, search) {
  if (fields.extends === void 0) return void 0;
  const { name, release } = splitRelease(fields.extends);
  const base = await readRecipe(await findRecipe(name, origin.folder, search.root), search);
  if (release === void 0) return base;
  try {
    return withRelease(base, release, search.kinds);
  } catch (error) {
    if (!(error instanceof MkbaseError)) throw error;
    const [at2] = treesAt(tree, "extends");
    throw recipeError(source, [mistakeOf(error, at2.span)]);
  }
}
async function readToolchain(found, { cwd, kinds: kinds2 }) {
  const source = await readSource(found.file, cwd);
  const { fields } = await checkAll(source, toolchainSchema(kinds2), async (tree) => [
    ...await checkFiles(tree, dirname3(found.file), kinds2),
    ...checkName(tree, found.name),
    ...checkNoDownloads(tree)
  ]);
  return { ...fields, origin: originOf(found, source) };
}
async function loadRecipe(nameOrPath, loading) {
  const { name, release } = splitRelease(nameOrPath);
  const { cwd, kinds: kinds2, root = packageRoot } = loading;
  const recipe = await readRecipe(await findRecipe(name, cwd, root), {
    ...{ cwd, kinds: kinds2, root },
    inside: []
  });
  return release === void 0 ? recipe : withRelease(recipe, release, kinds2);
}
async function loadToolchain(name, beside, loading) {
  const { root = packageRoot } = loading;
  const found = await findToolchain(name, beside.folder, root);
  if (found !== void 0) return readToolchain(found, loading);
  const { hint } = await unknownToolchain(name, root);
  const message = `There is no toolchain named ${quoted(name)}.`;
  throw new MkbaseError({ code: "RECIPE_NOT_FOUND", message, hint });
}

// src/recipe/list.ts
var line = ({ name }, { description = "", from, origin }) => ({
  name,
  description,
  kind: from.kind,
  file: origin.file
});
async function listRecipes({ kinds: kinds2, root = packageRoot }) {
  const search = { cwd: root, kinds: kinds2, root, inside: [] };
  const found = await builtInRecipes(root);
  return Promise.all(found.map(async (each) => line(each, await readRecipe(each, search))));
}
async function listToolchains({ kinds: kinds2, root = packageRoot }) {
  const found = await builtInToolchains(root);
  const loading = { cwd: root, kinds: kinds2 };
  return Promise.all(found.map(async (each) => line(each, await readToolchain(each, loading))));
}

// src/kinds/kinds.ts
var kinds = await Promise.all(
  Object.values(kindModules).map((module) => module())
);
var kindOf2 = (from) => kindIn(kinds, from);
var loadRecipe2 = (nameOrPath, cwd, root) => loadRecipe(nameOrPath, { cwd, kinds, ...root !== void 0 && { root } });
function builderName({
  from,
  packages: packages2,
  run: run2
}) {
  const ofKind = kindOf2(from).builder(sourceOf(from), packages2);
  return ofKind ?? (run2.length > 0 ? rootfsBuilder : void 0);
}
async function loadBuilder(recipe, cwd, root) {
  const name = builderName(recipe);
  if (name === void 0) return void 0;
  const loading = { cwd, kinds, ...root !== void 0 && { root } };
  return loadToolchain(name, recipe.fromOrigin, loading);
}
var listRecipes2 = (root) => listRecipes({ kinds, ...root !== void 0 && { root } });
var listToolchains2 = (root) => listToolchains({ kinds, ...root !== void 0 && { root } });

export {
  sourceOf,
  withSource,
  pathsOf,
  check,
  imageSettings,
  recipeSchema,
  readSource,
  kinds,
  kindOf2 as kindOf,
  loadRecipe2 as loadRecipe,
  builderName,
  loadBuilder,
  listRecipes2 as listRecipes,
  listToolchains2 as listToolchains
};
//# sourceMappingURL=chunk-KN3M32LU.js.map
