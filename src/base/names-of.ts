/** Returns an object in which each key is its own value: names that are written once, as keys. */
export const namesOf = <Name extends string>(names: Readonly<Record<Name, unknown>>) =>
  Object.fromEntries(Object.keys(names).map((name) => [name, name])) as {
    readonly [Each in Name]: Each;
  };
