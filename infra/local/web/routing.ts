import { type FunctionName, type FunctionSpec, functions, servedFromBucket } from '../../topology.ts';

interface ApiRoute {
  readonly pattern: string;
  readonly name: FunctionName;
}

const routes: readonly ApiRoute[] = Object.entries(functions)
  .flatMap(([name, { trigger }]: [string, FunctionSpec]) =>
    'http' in trigger ? trigger.http.map((pattern) => ({ pattern, name: name as FunctionName })) : [],
  )
  // As the HTTP API decides: the route that says most of the path; “anything below here” says nothing.
  .sort((a, b) => literalOf(b.pattern).length - literalOf(a.pattern).length);

/** The function that the HTTP API gives this path to. */
export const apiRouteOf = (path: string): ApiRoute | undefined => routes.find(({ pattern }) => matches(pattern, path));

/** Whether CloudFront takes this path from the public bucket. */
export const isFromBucket = (path: string): boolean =>
  servedFromBucket.some((pattern) => path.startsWith(pattern.replace(/\*$/, '')));

function literalOf(pattern: string): string {
  return pattern.replace('{proxy+}', '');
}

const matches = (pattern: string, path: string): boolean => {
  if (!pattern.endsWith('{proxy+}')) return path === pattern || path === `${pattern}/`;
  const start = pattern.slice(0, -'{proxy+}'.length);
  return path.startsWith(start) && path.length > start.length;
};
