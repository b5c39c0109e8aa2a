/** HEALPix cells in NESTED numbering: from positions to cells and back, the cell tree, neighbours, and ranges of cells. */
@NullMarked
package io.skyroll.healpix;

import org.jspecify.annotations.NullMarked;
