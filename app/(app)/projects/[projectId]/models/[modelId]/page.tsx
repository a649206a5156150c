import { ModelPage } from '../../../../../_components/model/model-page.tsx';

export default async function Page({ params }: { params: Promise<{ modelId: string }> }) {
  const { modelId } = await params;
  return <ModelPage key={modelId} modelId={modelId} />;
}
