'use client';
import { useRouter } from 'next/navigation';
import { routes } from '../../_lib/routes.ts';
import { whyNotAccepted } from '../../_lib/upload/accept.ts';
import { showToast } from '../ui/toast.tsx';
import { FileButton } from '../upload/file-button.tsx';
import { useUploads } from '../upload/upload-context.tsx';

/** Brings a separate test file, and goes on to a search that keeps it sealed. */
export function AddTestFile({ projectId, versionId }: { readonly projectId: string; readonly versionId: string }) {
  const { start } = useUploads();
  const router = useRouter();
  const take = ([file]: readonly File[]) => {
    if (!file) return;
    const reason = whyNotAccepted(file);
    if (reason) showToast({ title: 'Not uploaded', description: reason, tone: 'bad' });
    else {
      start(file, {
        projectId,
        onDone: (made) => router.push(`${routes.newSearch(projectId, versionId)}&test=${made.versionId}`),
      });
    }
  };
  return <FileButton onFiles={take}>Add a test file</FileButton>;
}
