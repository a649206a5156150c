import { DatasetView } from '../../../../../_components/dataset/dataset-view.tsx';

export default async function DatasetPage({ params }: { params: Promise<{ projectId: string; datasetId: string }> }) {
  const { projectId, datasetId } = await params;
  return <DatasetView projectId={projectId} datasetId={datasetId} />;
}
