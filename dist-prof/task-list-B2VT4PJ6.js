import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import "./chunk-UUGQRNDH.js";

// src/ui/task-list.ts
var outputLines = 5;
function createDeferred() {
  let settle;
  const promise = new Promise((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { promise, ...settle };
}
var waitFor = (link) => ({
  task: async (_, wrapper) => {
    const found = await link;
    return found && wrapper.newListr([found.task, waitFor(found.next)], { concurrent: true });
  }
});
function createRow(title) {
  const started = createDeferred();
  const ended = createDeferred();
  const whenStarted = (act) => void started.promise.then(act);
  return {
    task: {
      title,
      task: (_, wrapper) => {
        started.resolve(wrapper);
        return ended.promise;
      },
      rendererOptions: { outputBar: outputLines }
    },
    row: {
      title: (text) => whenStarted((wrapper) => {
        wrapper.title = text;
      }),
      output: (line) => whenStarted((wrapper) => {
        wrapper.output = line;
      }),
      end: (mark, text) => whenStarted((wrapper) => {
        wrapper.title = text;
        if (mark === "skipped") wrapper.skip(text);
        if (mark === "failed") ended.reject(new Error(text));
        else ended.resolve();
      })
    }
  };
}
async function openTaskList(screen, palette) {
  const { DefaultRenderer, Listr, ListrDefaultRendererLogLevels, ListrLogger, ProcessOutput } = await import("./dist-BUFHA7SM.js");
  const level = ListrDefaultRendererLogLevels;
  class StderrRenderer extends DefaultRenderer {
    static nonTTY = true;
  }
  const stream = Object.assign(/* @__PURE__ */ Object.create(null), {
    columns: screen.columns,
    rows: screen.rows,
    write: (text) => screen.write(text)
  });
  let last = createDeferred();
  const list = new Listr([waitFor(last.promise)], {
    exitOnError: false,
    collectErrors: false,
    registerSignalListeners: false,
    renderer: StderrRenderer,
    rendererOptions: {
      collapseErrors: false,
      showErrorMessage: false,
      logger: new ListrLogger({ processOutput: new ProcessOutput(stream, stream) }),
      icon: {
        [level.COMPLETED]: "\u2713",
        [level.FAILED]: "\u2717",
        [level.SKIPPED_WITH_COLLAPSE]: "-",
        [level.OUTPUT]: "\u2502"
      },
      color: {
        [level.COMPLETED]: palette.green,
        [level.FAILED]: palette.red,
        [level.PENDING]: palette.cyan,
        [level.SKIPPED_WITH_COLLAPSE]: palette.dim,
        [level.OUTPUT]: palette.dim
      }
    }
  });
  const finished = list.run();
  return {
    add(title) {
      const { row, task } = createRow(title);
      const next = createDeferred();
      last.resolve({ task, next: next.promise });
      last = next;
      return row;
    },
    async close() {
      last.resolve(void 0);
      await finished;
    }
  };
}
export {
  openTaskList
};
//# sourceMappingURL=task-list-B2VT4PJ6.js.map
