import { ModelList } from '../../../../_components/model/model-list.tsx';

export default async function Page({ params }: { params: Promise<{ projectId: string }> }) {
  const { projectId } = await params;
  return <ModelList projectId={projectId} />;
}
