import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  asMkbaseError,
  writeError
} from "./chunk-DTLAQ5I7.js";
import {
  facts
} from "./chunk-KYNFMTBK.js";
import {
  manyLines,
  oneLine,
  padEnd,
  shellWord,
  shortPath,
  truncate,
  wrap
} from "./chunk-QN74KDTT.js";
import {
  columnsOf,
  paletteOf
} from "./chunk-U3K5IKVG.js";
import {
  formatBytes,
  formatDoneOfTotal,
  formatDuration,
  formatExactBytes,
  formatRate,
  formatWholeSeconds
} from "./chunk-Z5B43JE3.js";
import {
  outputOf
} from "./chunk-GCOBUJDJ.js";
import {
  suggest
} from "./chunk-GIRTM4PW.js";
import {
  textWidth
} from "./chunk-K3BCUTJR.js";
import {
  MkbaseError,
  exitCodes
} from "./chunk-BYUPOKH5.js";

// src/commands/usage-error.ts
var commandNames = [
  "build",
  "run",
  "export",
  "init",
  "list",
  "show",
  "schema",
  "lock",
  "update",
  "bundle",
  "verify",
  "diff",
  "sign",
  "doctor",
  "gc",
  "completion",
  "help"
];
var wrongChoice = / '([^']*)' (?:from env '[^']*' )?is invalid\b.* Allowed choices are (.*)\.$/;
function suggestion(message, second) {
  if (second !== "") return second.replace(/^\((.*)\)$/, "$1");
  const [, word, choices] = wrongChoice.exec(message) ?? [];
  const meant = suggest(word ?? "", choices?.split(", ") ?? []);
  return meant && `Did you mean ${meant}?`;
}
var capitalized = (text) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
function noSuchCommand(word) {
  const meant = suggest(word, commandNames);
  return new MkbaseError({
    code: "USAGE",
    message: `There is no command ${JSON.stringify(word)}.`,
    hint: meant === void 0 ? "See mkbase --help." : `Did you mean ${meant}?`
  });
}
function usageError(error, argv) {
  if (error.code === "commander.help") return noSuchCommand(argv[1] ?? "");
  const [first = "", ...rest] = error.message.replace(/^error: /, "").split("\n");
  const command = commandNames.find((name) => name === argv[0]) ?? "build";
  return new MkbaseError({
    code: "USAGE",
    message: /[.?!]$/.test(first) ? capitalized(first) : `${capitalized(first)}.`,
    hint: suggestion(first, rest.join(" ")) ?? `See mkbase ${command} --help.`
  });
}
function suggestCommand(error, recipe) {
  if (!(error instanceof MkbaseError) || error.code !== "RECIPE_NOT_FOUND") return error;
  const command = suggest(recipe, commandNames);
  const { message, hint, cause } = error;
  if (command === void 0 || hint?.startsWith("Did you mean")) return error;
  const suggested = `Did you mean the command "mkbase ${command}"?`;
  return new MkbaseError({
    code: "RECIPE_NOT_FOUND",
    message,
    hint: hint === void 0 ? suggested : `${suggested} ${hint}`,
    cause
  });
}

// src/ui/rate.ts
var windowMs = 3e3;
var leastSpanMs = 250;
function createMeter() {
  let samples = [];
  let last;
  return {
    add(progress, now) {
      if (last !== void 0 && progress.done < last.done) samples = [];
      samples.push({ at: now, done: progress.done });
      const old = samples.findIndex((sample) => sample.at >= now - windowMs);
      if (old > 1) samples.splice(0, old - 1);
      last = progress;
    },
    read(now) {
      const first = samples[0];
      if (last === void 0 || first === void 0) return void 0;
      const span = now - first.at;
      const rate = span < leastSpanMs ? void 0 : (last.done - first.done) / span * 1e3;
      return { done: last.done, total: last.total, rate };
    }
  };
}
function meterParts(meter) {
  const { done, total, rate } = meter;
  const parts = [total === void 0 ? formatBytes(done) : formatDoneOfTotal(done, total)];
  if (rate === void 0 || rate < 1) return parts;
  parts.push(formatRate(rate));
  if (total !== void 0 && total > done) {
    parts.push(`${formatWholeSeconds(Math.max(1, (total - done) / rate))} left`);
  }
  return parts;
}

// src/ui/plain.ts
var progressEveryMs = 2e3;
var stageWidth = "toolchain".length;
function createPlainView(screen, palette, clock) {
  const running = /* @__PURE__ */ new Map();
  const say = (stage, text) => screen.write(`${palette.cyan(padEnd(stage, stageWidth))}  ${text}
`);
  const start = (stage) => {
    const now = clock();
    const fresh = { startedAt: now, spokeAt: now, meter: createMeter() };
    running.set(stage, fresh);
    return fresh;
  };
  const progress = (event) => {
    const now = clock();
    const state = running.get(event.stage) ?? start(event.stage);
    state.meter.add(event, now);
    if (now - state.spokeAt < progressEveryMs) return;
    state.spokeAt = now;
    const meter = state.meter.read(now);
    if (meter !== void 0) say(event.stage, meterParts(meter).join(" \xB7 "));
  };
  const end = (stage, word, preposition, detail) => {
    const state = running.get(stage);
    running.delete(stage);
    const time = state && ` ${preposition} ${formatDuration(clock() - state.startedAt)}`;
    say(stage, `${word}${time ?? ""}${detail ? `: ${oneLine(detail)}` : ""}`);
  };
  return {
    emit(event) {
      switch (event.type) {
        case "stage-start":
          start(event.stage);
          return say(event.stage, palette.bold(oneLine(event.title)));
        case "stage-done":
          return end(event.stage, palette.green("done"), "in", event.detail);
        case "stage-skip":
          running.delete(event.stage);
          return say(event.stage, palette.dim(`skipped: ${oneLine(event.reason)}`));
        case "progress":
          return progress(event);
        case "log":
          return say(event.stage, `| ${oneLine(event.line)}`);
        case "warning": {
          const { message, advice } = event.warning;
          say(event.stage, `${palette.yellow("warning:")} ${oneLine(message)}`);
          if (advice !== void 0) say(event.stage, `         ${oneLine(advice)}`);
          return;
        }
      }
    },
    stopping: () => screen.write("Stopping; press Ctrl-C again to stop at once.\n"),
    async end(error) {
      for (const stage of running.keys()) {
        if (error !== void 0) end(stage, palette.red("failed"), "after");
      }
    }
  };
}

// src/ui/next-command.ts
var withoutLatest = (tag) => tag.replace(/:latest$/, "");
function withStoredImage(result, context) {
  const name = shellWord(withoutLatest(result.tags[0] ?? result.imageId ?? ""));
  return context.runnable ? `${result.engine} run --rm ${name}` : `${result.engine} image inspect ${name}`;
}
function nextCommand(result, context) {
  if (result.imageId !== null) return withStoredImage(result, context);
  const runCommand = context.runnable ? context.runCommand : void 0;
  for (const placed of result.outputs) {
    const path = shellWord(shortPath(placed.dest, context.cwd));
    const command = outputOf(placed).nextCommand?.({ ...result, placed, path, runCommand });
    if (command !== void 0) return command;
  }
  return runCommand;
}

// src/ui/summary.ts
var labelWidth = 9;
function headline(result, palette) {
  const { recipe, platform, engine, cached, timings } = result;
  const verb = cached ? "Unchanged" : "Built";
  const time = timings.total === void 0 ? "" : ` in ${formatDuration(timings.total)}`;
  const text = `${palette.bold(oneLine(recipe))} for ${platform} with ${engine}${time}`;
  return `${palette.green(verb)} ${text}`;
}
var aligned = (cells) => {
  const widths = cells[0]?.map((_, at) => Math.max(...cells.map((c) => textWidth(c[at] ?? ""))));
  return cells.map((line) => line.map((cell, at) => padEnd(cell, widths?.[at] ?? 0)).join("  "));
};
var outputs = (result, cwd) => aligned(
  result.outputs.filter((output) => outputOf(output).place === "file").map(({ type, dest, size }) => [
    type,
    oneLine(shortPath(dest, cwd)),
    size === void 0 ? "" : formatBytes(size)
  ])
);
function tests({ tests: tests2 }, palette) {
  if (tests2.length === 0) return [];
  const failed = tests2.filter((test) => !test.passed);
  if (failed.length === 0) return [palette.green(`${tests2.length} passed`)];
  return failed.map(
    (test) => palette.red(`failed: ${oneLine(`${test.command}: ${test.problem ?? ""}`)}`)
  );
}
function warningLines(warning, width, palette) {
  const message = wrap(oneLine(warning.message), width).map(palette.yellow);
  const advice = warning.advice === void 0 ? [] : wrap(oneLine(warning.advice), width);
  return [...message, ...advice];
}
function summary(result, options) {
  const { palette, columns } = options;
  const next = nextCommand(result, options);
  const stored = result.imageId !== null;
  const rows = [
    ["tag", stored ? result.tags : []],
    ["image", result.imageId ?? []],
    ...Object.entries({
      layer: result.diffId,
      manifest: result.manifestDigest,
      rootfs: formatExactBytes(result.rootfsBytes)
    }),
    ["output", outputs(result, options.cwd)],
    ["tests", tests(result, palette)],
    ...result.warnings.map(
      (warning) => ["warning", warningLines(warning, columns - labelWidth, palette)]
    )
  ];
  const last = next === void 0 ? [] : [["next", palette.bold(next)]];
  const lines = [headline(result, palette), "", ...facts(rows, palette, labelWidth)];
  if (last.length > 0) lines.push("", ...facts(last, palette, labelWidth));
  return `${lines.join("\n")}
`;
}
var imageName = (result) => result.imageId ?? result.manifestDigest;
var nothingNext = { cwd: "/", runCommand: "", runnable: true };
function resultText(result, mode, { stdout, env }, context = nothingNext) {
  switch (mode) {
    case "json":
      return `${JSON.stringify(result)}
`;
    case "id":
      return `${imageName(result)}
`;
    case "none":
      return "";
    case "summary":
      return summary(result, {
        ...context,
        palette: paletteOf(stdout, env),
        columns: columnsOf(stdout)
      });
  }
}

// src/ui/stage-line.ts
var longestBar = 20;
var shortestBar = 8;
var barStep = 4;
var gap = "  ";
var quietMs = 1e3;
function bar(meter, width, palette) {
  const share = meter.total ? Math.min(1, meter.done / meter.total) : 0;
  const filled = Math.round(share * width);
  return palette.cyan("\u2501".repeat(filled)) + palette.dim("\u2500".repeat(width - filled));
}
var piece = (text, styled = text) => ({ text: styled, width: textWidth(text) });
var isComplete = ({ done, total }) => total !== void 0 && done >= total;
function middle(state, room, palette) {
  const { meter } = state;
  if (!state.running || meter === void 0 || isComplete(meter)) {
    const arrived = state.running && meter ? formatBytes(meter.done) : "";
    const text2 = truncate(state.detail ?? arrived, room);
    return piece(text2, palette.dim(text2));
  }
  const parts = meterParts(meter);
  while (parts.length > 1 && textWidth(parts.join(" \xB7 ")) > room) parts.pop();
  const text = truncate(parts.join(" \xB7 "), room);
  const plain = piece(text);
  const barRoom = Math.min(longestBar, room - plain.width - gap.length);
  const barWidth = barRoom - barRoom % barStep;
  if (meter.total === void 0 || barWidth < shortestBar) return plain;
  return {
    text: bar(meter, barWidth, palette) + gap + text,
    width: barWidth + gap.length + plain.width
  };
}
function stageLine(state, width, palette) {
  const showTime = !state.running || state.elapsed >= quietMs;
  const time = showTime ? formatDuration(state.elapsed) : "";
  const title = truncate(state.title, width - gap.length - textWidth(time));
  const room = width - textWidth(title) - 2 * gap.length - textWidth(time);
  const { text, width: used } = middle(state, Math.max(0, room), palette);
  const left = used === 0 ? title : title + gap + text;
  const leftWidth = used === 0 ? textWidth(title) : textWidth(title) + gap.length + used;
  const space = padEnd("", Math.max(gap.length, width - leftWidth - textWidth(time)));
  return time === "" ? left : left + space + palette.dim(time);
}

// src/ui/tty.ts
var showAfterMs = 150;
var redrawMs = 100;
var margin = 4;
var shownLines = 5;
function createRows(list, listWidth, palette) {
  const running = /* @__PURE__ */ new Map();
  let stopping = false;
  const lineOf = (stage, now, isRunning, detail) => stageLine(
    {
      title: stage.title,
      elapsed: now - stage.startedAt,
      running: isRunning,
      meter: stage.meter.read(now),
      detail: detail === void 0 ? void 0 : oneLine(detail)
    },
    listWidth(),
    palette
  );
  const start = (stage, title, at) => {
    finish(stage, "done", at);
    const shown = oneLine(title);
    const started = {
      row: list.add(shown),
      lines: [],
      title: shown,
      startedAt: at,
      meter: createMeter()
    };
    running.set(stage, started);
    return started;
  };
  const of = (stage, at) => running.get(stage) ?? start(stage, stage, at);
  const finish = (stage, mark, at, detail) => {
    const found = running.get(stage);
    running.delete(stage);
    found?.row.end(mark, lineOf(found, at, false, detail));
  };
  const skip = (stage, reason, at) => {
    const found = of(stage, at);
    running.delete(stage);
    const text = truncate(`${found.title}  ${oneLine(reason)}`, listWidth());
    found.row.end("skipped", palette.dim(text));
  };
  return {
    apply(event, at) {
      if (event.type === "stage-start") start(event.stage, event.title, at);
      else if (event.type === "stage-done") finish(event.stage, "done", at, event.detail);
      else if (event.type === "stage-skip") skip(event.stage, event.reason, at);
      else if (event.type === "progress") of(event.stage, at).meter.add(event, at);
      else if (event.type === "log") {
        const stage = of(event.stage, at);
        stage.lines = [...stage.lines.slice(1 - shownLines), event.line];
      }
    },
    redraw(now) {
      for (const stage of running.values()) {
        for (const line of stage.lines) {
          stage.row.output(truncate(oneLine(line), listWidth() - margin));
        }
        stage.lines = [];
        stage.row.title(stopping ? `${stage.title}  stopping\u2026` : lineOf(stage, now, true));
      }
    },
    stop: () => {
      stopping = true;
    },
    finishAll(mark, at) {
      for (const stage of running.keys()) finish(stage, mark, at);
    }
  };
}
function createTtyView({ stdout, stderr: screen }, palette, clock) {
  const early = [];
  let rows;
  let list;
  let ticker;
  let opening;
  const open = async () => {
    const { openTaskList } = await import("./task-list-B2VT4PJ6.js");
    list = await openTaskList(screen, palette);
    const width = () => Math.min(columnsOf(screen), stdout.columns ?? 80) - margin;
    rows = createRows(list, width, palette);
    for (const { event, at } of early) rows.apply(event, at);
    ticker = setInterval(() => rows?.redraw(clock()), redrawMs);
  };
  const delay = setTimeout(() => {
    opening = open();
  }, showAfterMs);
  return {
    emit(event) {
      if (rows !== void 0) rows.apply(event, clock());
      else early.push({ event, at: clock() });
    },
    stopping: () => rows?.stop(),
    async end(error) {
      clearTimeout(delay);
      await opening;
      clearInterval(ticker);
      rows?.finishAll(error === void 0 ? "done" : "failed", clock());
      await list?.close();
      if (list !== void 0) screen.write("\n");
    }
  };
}

// src/ui/view.ts
var silentView = {
  emit() {
  },
  stopping() {
  },
  async end() {
  }
};
function createRawJsonView(screen, clock) {
  const line = (fields) => {
    const time = new Date(clock()).toISOString();
    screen.write(`${JSON.stringify({ time, ...fields })}
`);
  };
  return {
    emit: line,
    stopping: () => line({ type: "stopping" }),
    async end(error) {
      if (error === void 0) return;
      const { code, message, hint } = error;
      line({ type: "error", code, message, hint });
    }
  };
}
function attributeToRunning(emit) {
  const running = [];
  const end = (stage) => {
    if (running.includes(stage)) running.splice(running.indexOf(stage), 1);
  };
  return (event) => {
    if (event.type === "stage-start") {
      end(event.stage);
      running.push(event.stage);
    } else if (event.type === "stage-done" || event.type === "stage-skip") {
      end(event.stage);
    } else if (!running.includes(event.stage)) {
      emit({ ...event, stage: running.at(-1) ?? event.stage });
      return;
    }
    emit(event);
  };
}

// src/ui/ui.ts
var progressModes = ["auto", "tty", "plain", "rawjson"];
function resolveProgress(mode, screen, env) {
  if (mode !== "auto") return mode;
  const ci = env.CI !== void 0 && env.CI !== "" && env.CI !== "false";
  return screen.isTTY === true && !ci && env.TERM !== "dumb" ? "tty" : "plain";
}
function createView(options) {
  const { stderr, env, clock } = options;
  const palette = paletteOf(stderr, env);
  switch (resolveProgress(options.progress, stderr, env)) {
    case "tty":
      return createTtyView(options, palette, clock);
    case "plain":
      return createPlainView(stderr, palette, clock);
    case "rawjson":
      return createRawJsonView(stderr, clock);
    case "none":
      return silentView;
  }
}
var keptLines = 20;
function createLogTail() {
  const log = [];
  const warnings = [];
  return {
    take(event) {
      if (event.type === "warning") warnings.push(event.warning);
      if (event.type === "stage-start") log.length = 0;
      if (event.type !== "log") return;
      log.push(oneLine(event.line));
      if (log.length > keptLines) log.shift();
    },
    /** Leaves the log out when the error's own message ends with it, or when a person ended it all. */
    recall(error) {
      const last = log.findLast((line) => line.trim() !== "");
      const stopped = error.code === "INTERRUPTED";
      const told = stopped || last === void 0 || manyLines(error.message).includes(last.trim());
      const warned = warnings.map(({ message }) => `warning: ${oneLine(message)}`);
      return [...warned, ...told ? [] : log];
    }
  };
}
function createUi(options) {
  const { stdout, stderr, env } = options;
  const mode = resolveProgress(options.progress, stderr, env);
  const view = createView(options);
  const show = mode === "rawjson" ? view.emit : attributeToRunning(view.emit);
  const tail = createLogTail();
  let ended = false;
  const end = async (error) => {
    if (!ended) await view.end(error);
    ended = true;
  };
  return {
    emit(event) {
      tail.take(event);
      show(event);
    },
    stopping() {
      if (!ended) view.stopping();
    },
    async finish(result, context) {
      await end();
      const text = resultText(result, options.result, options, context);
      if (text !== "") stdout.write(text);
    },
    close: () => end(),
    async fail(error) {
      const known = asMkbaseError(error);
      const wasRunning = !ended;
      await end(known);
      if (mode === "rawjson" && wasRunning) return;
      const palette = paletteOf(stderr, env);
      if (mode === "tty" && wasRunning) {
        for (const line of tail.recall(known)) stderr.write(`${palette.dim(line)}
`);
      }
      writeError(stderr, env, known);
    }
  };
}

// src/commands/with-progress.ts
async function withUi({ progress, result, recipe }, context, work) {
  const { stdout, stderr, env, clock, signal } = context;
  const ui = createUi({ stdout, stderr, env, clock, progress, result });
  signal.addEventListener("abort", () => ui.stopping());
  try {
    return await work(ui, { emit: ui.emit, signal });
  } catch (error) {
    const explained = suggestCommand(error, recipe);
    await ui.fail(explained);
    return exitCodes[asMkbaseError(explained).code];
  }
}
var withProgress = (progress, recipe, work, context) => withUi({ progress, recipe, result: "none" }, context, async (ui, io) => {
  const text = await work(io);
  await ui.close();
  context.stdout.write(text);
  return 0;
});

export {
  imageName,
  progressModes,
  usageError,
  withUi,
  withProgress
};
//# sourceMappingURL=chunk-QTIFZ2VQ.js.map
