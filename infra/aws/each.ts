/** The same thing made of every spec of the topology, under the same names. */
export const each = <Name extends string, Spec, Made>(
  specs: Readonly<Record<Name, Spec>>,
  make: (name: Name, spec: Spec) => Made,
): Readonly<Record<Name, Made>> => {
  const made: Partial<Record<Name, Made>> = {};
  for (const name in specs) made[name] = make(name, specs[name]);
  return made as Record<Name, Made>;
};

/** `feedsSweep` → `FeedsSweep`, as construct ids are written. */
export const capital = (name: string): string => name.slice(0, 1).toUpperCase() + name.slice(1);

/** `feedsSweep` → `feeds-sweep`, as alarms are named. */
export const dashed = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
