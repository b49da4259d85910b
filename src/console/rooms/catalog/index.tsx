/**
 * The catalog: what the libraries hold, who provides it, how it is shared.
 */
import type { ReactNode } from 'react';
import { Route, Routes } from 'react-router';
import { ItemPage } from './item-page.tsx';
import { ListPage } from './list-page.tsx';
import { ResourcePage } from './resource-page.tsx';

export default function CatalogRoom(): ReactNode {
  return (
    <Routes>
      <Route index element={<ListPage />} />
      <Route path="items/:code" element={<ItemPage />} />
      <Route path="resources/:code" element={<ResourcePage />} />
    </Routes>
  );
}
