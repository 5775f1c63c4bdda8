//! A matrix with its rows and columns exchanged, moved by blocks that stay in the registers.

use crate::simd::vectorised;

vectorised! {
    /// out[(i, j)] = from[(j, i)] for i < rows and j < columns; the rows of each lie their strides apart.
    pub(crate) fn transpose(out: &mut [f32], out_stride: usize, from: &[f32], from_stride: usize, rows: usize, columns: usize) {
        const SIDE: usize = 8;
        let mut column = 0;
        while column < columns {
            let wide = SIDE.min(columns - column);
            let mut row = 0;
            while row < rows {
                let high = SIDE.min(rows - row);
                if wide == SIDE && high == SIDE {
                    let mut block = [[0f32; SIDE]; SIDE];
                    for (j, line) in block.iter_mut().enumerate() {
                        line.copy_from_slice(&from[(column + j) * from_stride + row..][..SIDE]);
                    }
                    for i in 0..SIDE {
                        let mut line = [0f32; SIDE];
                        for j in 0..SIDE {
                            line[j] = block[j][i];
                        }
                        out[(row + i) * out_stride + column..][..SIDE].copy_from_slice(&line);
                    }
                } else {
                    for i in 0..high {
                        for j in 0..wide {
                            out[(row + i) * out_stride + column + j] = from[(column + j) * from_stride + row + i];
                        }
                    }
                }
                row += SIDE;
            }
            column += SIDE;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_element_goes_to_its_place_and_none_elsewhere() {
        for (rows, columns) in [(1, 1), (8, 8), (9, 7), (16, 30), (33, 8)] {
            let (stride, out_stride) = (rows + 3, columns + 2);
            let from: Vec<f32> = (0..columns * stride).map(|index| index as f32).collect();
            let mut out = vec![-1.0; rows * out_stride];
            transpose(&mut out, out_stride, &from, stride, rows, columns);
            for (index, found) in out.iter().enumerate() {
                let (row, column) = (index / out_stride, index % out_stride);
                let expected = if column < columns { (column * stride + row) as f32 } else { -1.0 };
                assert_eq!(*found, expected, "{rows} × {columns}: ({row}, {column})");
            }
        }
    }
}
