import { ModelPage } from '../../../../../_components/model/model-page.tsx';

export default async function Page({ params }: PageProps<'/projects/[projectId]/models/[modelId]'>) {
  const { modelId } = await params;
  return <ModelPage key={modelId} modelId={modelId} />;
}
