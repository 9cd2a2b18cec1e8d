import type { Component, ComponentKind } from '../../kinds/component.ts';
import type { About } from '../../recipe/schema/schema.ts';

/** Sorts of components that can be somebody's own program, the likeliest first. */
const own: readonly ComponentKind[] = ['sources', 'archive', 'files'];

const supplierOf = (text: string): string =>
  /^(?:Person|Organization): /.test(text) ? text : `Organization: ${text}`;

function described(component: Component, about: About): Component {
  const { version, licence, cpe, supplier, source } = about;
  return {
    ...component,
    ...(component.version === undefined && version !== undefined && { version }),
    ...(licence !== undefined && {
      licence: { expression: licence, texts: [], basis: 'stated by the recipe' },
    }),
    ...(cpe !== undefined && { cpe }),
    ...(supplier !== undefined && { supplier: supplierOf(supplier) }),
    ...(source !== undefined && { repository: source }),
  };
}

/** Adds what a recipe says of its own program to the component that is it. */
export function withAbout(
  components: readonly Component[],
  about: About | undefined,
): readonly Component[] {
  const kind = own.find((each) => components.some((component) => component.kind === each));
  if (about === undefined || kind === undefined) return components;
  return components.map((each) => (each.kind === kind ? described(each, about) : each));
}
