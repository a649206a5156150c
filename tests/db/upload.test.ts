/** Uploads through the real route and services: by offset, resumed, refused, finished, cancelled. */
import { createHash } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GET, PUT } from '#app/api/uploads/[id]/route.ts';
import { datasetVersions, uploads } from '#db/schema/datasets.ts';
import { workspaces } from '#db/schema/workspaces.ts';
import { setWebServices } from '#server/api/services.ts';
import { owner, type Person } from './people.ts';
import { openTestServices, type TestServices } from './services.ts';

let services: TestServices;
let ada: Awaited<ReturnType<typeof owner>>;
beforeAll(async () => {
  services = await openTestServices();
  setWebServices(services);
  ada = await owner(services, 'ada');
});
afterAll(() => services.close());

const table = `a,b\n${Array.from({ length: 500 }, (_, i) => `${i},${i % 7}`).join('\n')}\n`;
const whole = Buffer.from(table);

const open = (fileName = 'table.csv', bytes = whole.length, who = ada) =>
  who.call.upload.create({ projectId: who.projectId, fileName, bytes });

async function put(id: string, offset: number, body: BodyInit | null, who: Person = ada) {
  const request = new Request(`http://localhost:3000/api/uploads/${id}?offset=${offset}`, {
    method: 'PUT',
    headers: who.headers,
    body,
    duplex: 'half',
  } as RequestInit);
  const response = await PUT(request, { params: Promise.resolve({ id }) });
  return {
    status: response.status,
    body: (await response.json()) as Record<string, unknown> & { error?: { detail?: Record<string, unknown> } },
  };
}

describe('upload', () => {
  test('in pieces, finished into a data set whose source is byte for byte the file', async () => {
    const { id } = await open();
    expect(await put(id, 0, whole.subarray(0, 1000))).toMatchObject({ status: 200, body: { received: 1000 } });
    expect(await put(id, 1000, whole.subarray(1000))).toMatchObject({ status: 200, body: { received: whole.length } });
    const made = await ada.call.upload.finish({ id });
    const [version] = await services.db.select().from(datasetVersions).where(eq(datasetVersions.id, made.versionId));
    expect(version).toMatchObject({
      number: 1,
      state: 'queued',
      sourceName: 'table.csv',
      sourceSha256: createHash('sha256').update(whole).digest('hex'),
    });
    expect(Buffer.from(await services.blobs.get(version?.sourceKey ?? '')).equals(whole)).toBe(true);
    // The parts are gone, and finishing again answers the same.
    expect(await services.blobs.exists(`uploads/${id}/000000000000000`)).toBe(false);
    expect(await ada.call.upload.finish({ id })).toEqual(made);
  });

  test('keeps what arrived before the connection broke, and goes on from there', async () => {
    const { id } = await open('broken.csv');
    let sent = 0;
    const broken = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (sent >= 1500) controller.error(new Error('reset'));
        else controller.enqueue(whole.subarray(sent, sent + 500));
        sent += 500;
      },
    });
    expect((await put(id, 0, broken)).status).toBe(400);
    const where = await GET(new Request(`http://localhost:3000/api/uploads/${id}`, { headers: ada.headers }), {
      params: Promise.resolve({ id }),
    });
    const { received } = (await where.json()) as { received: number };
    expect(received).toBe(1500);
    expect(await put(id, received, whole.subarray(received))).toMatchObject({
      status: 200,
      body: { received: whole.length },
    });
    await ada.call.upload.finish({ id });
  });

  test('a wrong offset is a conflict that says where the server stands', async () => {
    const { id } = await open('offset.csv');
    await put(id, 0, whole.subarray(0, 100));
    for (const offset of [0, 99, 101, 5000])
      expect(await put(id, offset, whole.subarray(100, 200))).toMatchObject({
        status: 409,
        body: { error: { detail: { received: 100 } } },
      });
  });

  test('of two writers at one offset one wins, and the other is told', async () => {
    const { id } = await open('race.csv');
    const answers = await Promise.all([put(id, 0, whole.subarray(0, 700)), put(id, 0, whole.subarray(0, 700))]);
    expect(answers.map((a) => a.status).sort()).toEqual([200, 409]);
    expect(await ada.call.upload.get({ id })).toMatchObject({ received: 700 });
  });

  test('more bytes than announced are refused, and none of them is kept beyond the announced', async () => {
    const { id } = await open('more.csv', 1000);
    expect((await put(id, 0, Buffer.alloc(1001))).status).toBe(413);
    expect((await ada.call.upload.get({ id })).received).toBeLessThanOrEqual(1000);
  });

  test('finishing early is a conflict, and after cancelling too', async () => {
    const { id } = await open('early.csv');
    await put(id, 0, whole.subarray(0, 100));
    await expect(ada.call.upload.finish({ id })).rejects.toMatchObject({ code: 'CONFLICT' });
    await ada.call.upload.cancel({ id });
    await ada.call.upload.cancel({ id });
    expect(await services.blobs.exists(`uploads/${id}/000000000000000`)).toBe(false);
    await expect(ada.call.upload.finish({ id })).rejects.toMatchObject({ code: 'CONFLICT' });
    expect((await put(id, 100, whole.subarray(100))).status).toBe(409);
  });

  test('a file beyond the limit is refused before a byte travels', async () => {
    const limit = services.config.limits.uploadBytes;
    await expect(open('big.csv', limit + 1)).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
    await expect(open('nothing.csv', 0)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  });

  test('the quota of the workspace counts what is kept and what is coming', async () => {
    const poor = await owner(services, 'poor');
    await services.db
      .update(workspaces)
      .set({ maxBytes: whole.length + 10 })
      .where(eq(workspaces.id, poor.workspaceId));
    await services.db.delete(datasetVersions).where(eq(datasetVersions.sourceName, 'penguins.csv'));
    await open('fits.csv', whole.length, poor);
    await expect(open('too-much.csv', 11, poor)).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
  });

  test.each(['../../etc/passwd', 'a/b.csv', 'a\\b.csv', '..', 'x\r\nSet-Cookie: a=b.csv', 'nul\u0000.csv', ''])(
    'refuses the file name %j',
    async (name) => {
      const before = await services.db.select().from(uploads);
      await expect(open(name)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
      expect(await services.db.select().from(uploads)).toHaveLength(before.length);
    },
  );

  test('equal content under an equal name is the same version', async () => {
    const send = async (name: string, datasetId?: string) => {
      const { id } = await open(name);
      await put(id, 0, whole);
      return ada.call.upload.finish({ id, datasetId });
    };
    const first = await send('same.csv');
    expect(await send('same.csv')).toEqual(first);
    expect(await send('other name.csv', first.datasetId)).toEqual(first);
    expect((await send('another.csv')).datasetId).not.toBe(first.datasetId);
  });

  test('somebody else sees nothing of it', async () => {
    const eve = await owner(services, 'eve');
    const { id } = await open('private.csv');
    expect((await put(id, 0, whole, eve)).status).toBe(404);
    await expect(eve.call.upload.get({ id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
