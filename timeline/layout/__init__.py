"""The picture in time: what stands where, as numbers, without a table or a clock."""
