/** `warmstart run` on this machine: the same services, queue and worker as the web product. */
import { createReadStream, createWriteStream } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { eq } from 'drizzle-orm';
import type { DataErrorDetail } from '#core/contracts/dataset.ts';
import { users } from '#db/schema/accounts.ts';
import { datasetVersions } from '#db/schema/datasets.ts';
import { followEvents, openEventHub } from '#server/events/index.ts';
import { createHome } from '#server/services/account/create-home.ts';
import type { ServiceContext } from '#server/services/context.ts';
import { createDataset } from '#server/services/dataset/create.ts';
import { setDatasetTypes } from '#server/services/dataset/set-types.ts';
import { suggestSearch } from '#server/services/dataset/suggest.ts';
import { isAppError } from '#server/services/errors.ts';
import { openModelFile } from '#server/services/model/file.ts';
import { visibleProjects } from '#server/services/scopes.ts';
import { cancelSearch } from '#server/services/search/cancel.ts';
import { getSearch } from '#server/services/search/get.ts';
import { startSearch } from '#server/services/search/start.ts';
import { isEnded } from '#server/services/search/transition.ts';
import { openUsableModel } from '#server/services/search/usable-file.ts';
import type { Backend } from './backend.ts';
import { describeDataError } from './data-error.ts';
import { CliError, codeOfRefusal, exitCodes } from './exit.ts';
import { openLocalProduct } from './local-product.ts';

/** The command line's own account: it has no password, so nobody signs in as it. */
const cliEmail = 'command-line@localhost';

async function cliContext(
  services: Omit<ServiceContext, 'actor'>,
): Promise<{ ctx: ServiceContext; projectId: string }> {
  const { db, now } = services;
  const user = await db.transaction(async (tx) => {
    await tx.insert(users).values({ email: cliEmail, name: 'Command line' }).onConflictDoNothing();
    const [found] = await tx.select().from(users).where(eq(users.email, cliEmail)).for('update');
    if (!found) throw new Error('the account of the command line is missing');
    await createHome(tx, found, now);
    return found;
  });
  const ctx: ServiceContext = { ...services, actor: { kind: 'user', userId: user.id, via: 'session' } };
  const [project] = await visibleProjects(ctx);
  if (!project) throw new Error('the project of the command line is missing');
  return { ctx, projectId: project.id };
}

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** What a verb refuses ends the command with 2 or 3. */
async function orRefusal<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isAppError(error)) throw new CliError(codeOfRefusal(error.detail), error.message);
    throw error;
  }
}

export async function openLocal(dataDir: string | null, say: (line: string) => void): Promise<Backend> {
  const product = await openLocalProduct(dataDir, say);
  const { ctx, projectId } = await cliContext(product.services);
  const hub = openEventHub(product.databaseUrl);

  async function addTable(path: string): Promise<string> {
    const name = basename(path);
    const { versionId } = await orRefusal(() =>
      createDataset(ctx, { projectId, fileName: name, body: createReadStream(path) }),
    );
    return untilRead(versionId, name);
  }

  async function untilRead(versionId: string, name: string): Promise<string> {
    for (;;) {
      const [version] = await ctx.db
        .select({ state: datasetVersions.state, error: datasetVersions.error })
        .from(datasetVersions)
        .where(eq(datasetVersions.id, versionId));
      if (version?.state === 'ready') return versionId;
      if (!version || version.state === 'failed')
        throw new CliError(exitCodes.badData, describeDataError(version?.error as DataErrorDetail | null, name));
      await pause(25);
    }
  }

  async function columnTypes(versionId: string) {
    const [row] = await ctx.db
      .select({ profile: datasetVersions.profile, name: datasetVersions.sourceName })
      .from(datasetVersions)
      .where(eq(datasetVersions.id, versionId));
    return {
      name: row?.name ?? '',
      types: new Map((row?.profile?.columns ?? []).map(({ name, type }) => [name, type])),
    };
  }

  return {
    addTable,
    async alignTypes(testVersionId, trainVersionId) {
      const test = await columnTypes(testVersionId);
      const train = await columnTypes(trainVersionId);
      const differing = [...test.types].flatMap(([name, type]) => {
        const wanted = train.types.get(name);
        return wanted && wanted !== type ? [[name, wanted] as const] : [];
      });
      if (differing.length === 0) return testVersionId;
      const types = Object.fromEntries(differing);
      const { versionId } = await orRefusal(() => setDatasetTypes(ctx, { versionId: testVersionId, types }));
      return untilRead(versionId, test.name);
    },
    propose: (versionId, target) => orRefusal(() => suggestSearch(ctx, { versionId, target })),
    start: async (request) => (await orRefusal(() => startSearch(ctx, request))).searchId,
    async follow(searchId, tell, signal) {
      let view = await getSearch(ctx, { id: searchId });
      for await (const event of followEvents(ctx.db, hub, searchId, 0, signal)) {
        tell(event, view);
        if (event.kind === 'state' && isEnded(event.data.state)) break;
      }
      view = await getSearch(ctx, { id: searchId });
      return view;
    },
    async cancel(searchId) {
      await cancelSearch(ctx, { id: searchId }).catch((error) => {
        if (!isAppError(error)) throw error;
      });
      return getSearch(ctx, { id: searchId });
    },
    async saveBest(searchId, path) {
      try {
        const { stream } = await openUsableModel(ctx, { id: searchId });
        await pipeline(stream, createWriteStream(path));
        return true;
      } catch (error) {
        if (isAppError(error)) return false;
        throw error;
      }
    },
    async save(modelId, file, path) {
      const download = await openModelFile(ctx, { id: modelId, file });
      const body = await download.open();
      await pipeline(body instanceof Uint8Array ? [body] : body, createWriteStream(path));
    },
    async close() {
      await hub.close();
      await product.close();
    },
  };
}
