import { cp, mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../../', import.meta.url));

/** The repository as somebody cloned it, with another `newsroom.config.ts`. */
export const cloneWith = async (change: (config: string) => string): Promise<string> => {
  const copy = await mkdtemp(join(tmpdir(), 'courant-clone-'));
  for (const part of ['functions', 'infra', 'templates', 'package.json']) {
    await cp(join(repository, part), join(copy, part), { recursive: true });
  }
  await symlink(join(repository, 'node_modules'), join(copy, 'node_modules'));
  const config = await readFile(join(repository, 'newsroom.config.ts'), 'utf8');
  await writeFile(join(copy, 'newsroom.config.ts'), change(config));
  return copy;
};
