-- What authorities ordered is counted with the orders: which decisions these are is asked for every figure, and they are few.
create index cases_of_orders on cases (id) where source = 'order';
